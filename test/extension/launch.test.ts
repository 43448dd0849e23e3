import assert from 'node:assert/strict';
import { fill, programOf, type LaunchVariables } from '../../src/extension/launch';

const variables: LaunchVariables = { workspaceFolder: '/home/ann/app', file: '/home/ann/app/src/main.py', env: { SIZE: '40' } };

describe('launch configurations as programs', () => {
  const cases: [name: string, configuration: object, expected: object | null][] = [
    [
      'a Python file',
      { type: 'debugpy', request: 'launch', name: 'App', program: '${workspaceFolder}/app.py', args: ['--size', '${env:SIZE}'] },
      { name: 'App', program: { command: ['python', '/home/ann/app/app.py', '--size', '40'], cwd: '/home/ann/app' } },
    ],
    [
      'a Python module',
      { type: 'python', request: 'launch', name: 'Tests', module: 'pytest', args: ['-q'] },
      { name: 'Tests', program: { command: ['python', '-m', 'pytest', '-q'], cwd: '/home/ann/app' } },
    ],
    [
      'the file at hand, with a folder and variables of its own',
      { type: 'python', request: 'launch', name: 'This', program: '${file}', cwd: '${fileDirname}', env: { N: '3' } },
      { name: 'This', program: { command: ['python', '/home/ann/app/src/main.py'], cwd: '/home/ann/app/src', env: { N: '3' } } },
    ],
    [
      'a Node program with arguments for Node itself',
      { type: 'node', request: 'launch', name: 'Node', program: '${workspaceFolder}/main.mjs', runtimeArgs: ['--no-warnings'] },
      { name: 'Node', program: { command: ['node', '--no-warnings', '/home/ann/app/main.mjs'], cwd: '/home/ann/app' } },
    ],
    [
      'an npm script',
      { type: 'node', request: 'launch', name: 'Start', runtimeExecutable: 'npm', runtimeArgs: ['run', 'start'] },
      { name: 'Start', program: { command: ['npm', 'run', 'start'], cwd: '/home/ann/app' } },
    ],
    ['one that attaches', { type: 'node', request: 'attach', name: 'Attach', port: 9229 }, null],
    ['one of another language', { type: 'go', request: 'launch', name: 'Go', program: 'main.go' }, null],
    ['one that asks', { type: 'python', request: 'launch', name: 'Ask', program: '${file}', args: ['${input:size}'] }, null],
    ['one without a program', { type: 'python', request: 'launch', name: 'None' }, null],
  ];
  for (const [name, configuration, expected] of cases) {
    it(name, () => assert.deepEqual(programOf(configuration, variables), expected));
  }

  it('need a file where they name one', () => {
    assert.equal(fill('${relativeFile}', variables), 'src/main.py');
    assert.equal(fill('${file}', { ...variables, file: null }), null);
  });
});
