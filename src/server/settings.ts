/** The client's settings, folder by folder, over those of the project's own files. */
import type { Connection } from 'vscode-languageserver';
import type { ConfigOverrides } from '../session/config';
import type { Folder } from './folders';

/** The section `fanout` as a client gives it: everything may be missing or of a wrong type. */
export function overridesOf(section: unknown): ConfigOverrides {
  const settings = (section && typeof section === 'object' ? section : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof settings[key] === 'string' && settings[key] !== '' ? { [key]: settings[key] } : {});
  const workers = settings.workers;
  return {
    ...(settings.rules && typeof settings.rules === 'object' && Object.keys(settings.rules).length > 0 ? { rules: settings.rules } : {}),
    ...(Array.isArray(settings.exclude) && settings.exclude.length > 0 ? { exclude: settings.exclude.filter((x) => typeof x === 'string') } : {}),
    ...(typeof workers === 'number' && Number.isInteger(workers) && workers > 0 ? { workers } : {}),
    ...text('startMethod'),
    ...text('targetPython'),
    ...text('targetNode'),
  } as ConfigOverrides;
}

/** Settings that the server itself reads. */
export interface ServerSettings {
  readonly codeLens: boolean;
  /** Absolute path, or empty. */
  readonly pythonPath: string;
  readonly nodePath: string;
  /** Time limit of one run of a program, in seconds. */
  readonly timeout: number;
}

export const DEFAULT_SETTINGS: ServerSettings = { codeLens: true, pythonPath: '', nodePath: '', timeout: 300 };

export function serverSettings(section: unknown): ServerSettings {
  const settings = (section && typeof section === 'object' ? section : {}) as Record<string, unknown>;
  const path = (key: string) => (typeof settings[key] === 'string' ? settings[key] : '');
  return {
    codeLens: settings.codeLens !== false,
    pythonPath: path('pythonPath'),
    nodePath: path('nodePath'),
    timeout: typeof settings.timeout === 'number' && settings.timeout > 0 ? settings.timeout : DEFAULT_SETTINGS.timeout,
  };
}

/** Reads the settings of a folder and hands the session its part. */
export async function pullSettings(connection: Connection, folder: Folder): Promise<ServerSettings> {
  const section: unknown = await connection.workspace.getConfiguration(
    folder.uri === null ? { section: 'fanout' } : { scopeUri: folder.uri, section: 'fanout' },
  );
  folder.session.configure(overridesOf(section));
  return serverSettings(section);
}
