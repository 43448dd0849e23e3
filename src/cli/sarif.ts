/** Findings as SARIF 2.1.0, the format that code hosts and CI systems show beside the code. */
import { pathToFileURL } from 'node:url';
import * as path from 'node:path';
import type { Log, ReportingDescriptor } from 'sarif';
import { version } from '../../package.json';
import type { FileResult } from '../protocol/results';
import { rules } from '../rules';

const LEVEL = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;

export function sarif(results: readonly FileResult[]): Log {
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'fanout',
            version,
            rules: Object.values(rules).map(
              ({ meta }): ReportingDescriptor => ({
                id: meta.id,
                shortDescription: { text: meta.summary },
                fullDescription: { text: meta.description },
                defaultConfiguration: { level: LEVEL[meta.severity] },
              }),
            ),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.flatMap((file) =>
          file.findings.map((finding) => ({
            ruleId: finding.rule,
            level: LEVEL[finding.severity],
            message: { text: finding.message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(file.path) },
                  region: { startLine: finding.line, startColumn: finding.column, endLine: finding.endLine, endColumn: finding.endColumn },
                },
              },
            ],
          })),
        ),
        invocations: [
          {
            executionSuccessful: results.every((file) => file.error === null),
            toolExecutionNotifications: results.flatMap((file) => (file.error === null ? [] : [{ level: 'error' as const, message: { text: file.error } }])),
          },
        ],
      },
    ],
  };
}

function uriOf(file: string): string {
  return path.isAbsolute(file) ? pathToFileURL(file).href : file.split(path.sep).map(encodeURIComponent).join('/');
}
