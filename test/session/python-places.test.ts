import assert from 'node:assert/strict';
import { findTool, namesOf } from '../../src/measure/tools';
import { pythonPlaces, type PythonSystem } from '../../src/session/python-places';

const system = (platform: NodeJS.Platform, env: Record<string, string>, home: string, folders: Record<string, string[]> = {}): PythonSystem => ({
  platform,
  env,
  home,
  list: (folder) => folders[folder] ?? [],
});

describe('where Pythons are looked for', () => {
  const cases: [name: string, system: PythonSystem, wanted: string[]][] = [
    [
      'Linux',
      system('linux', { PATH: '/usr/bin:/opt/bin' }, '/home/ann', {
        '/home/ann/.pyenv/versions': ['3.9.18', '3.14.0', '3.13.5t', 'my-env'],
        '/home/ann/.cache/fanout': ['python-3.13t-1', 'python-tools-3.11-ab', 'python-tools-3.11-ab.lock', 'py-spy'],
        '/home/ann/.local/share/uv/python': ['cpython-3.14.1-linux-x86_64-gnu', 'pypy-3.10'],
      }),
      [
        '/usr/bin/python3',
        '/opt/bin/python3',
        '/usr/bin/python',
        '/opt/bin/python',
        '/usr/bin/python3.14',
        '/opt/bin/python3.14',
        '/home/ann/.cache/fanout/python-tools-3.11-ab/bin/python',
        '/home/ann/.cache/fanout/python-3.13t-1/bin/python',
        '/home/ann/.pyenv/versions/3.14.0/bin/python',
        '/home/ann/.pyenv/versions/3.13.5t/bin/python',
        '/home/ann/.pyenv/versions/3.9.18/bin/python',
        '/home/ann/.local/share/uv/python/cpython-3.14.1-linux-x86_64-gnu/bin/python3',
      ],
    ],
    [
      'Linux with folders of its own',
      system('linux', { PATH: '/usr/bin', PYENV_ROOT: '/opt/pyenv', FANOUT_CACHE: '/big/cache', FANOUT_PYTHONS: '/a/python:/b/python', UV_PYTHON_INSTALL_DIR: '/uv' }, '/home/ann', {
        '/opt/pyenv/versions': ['3.13.1'],
        '/big/cache': ['python-3.14-1'],
        '/uv': ['cpython-3.13.0'],
      }),
      ['/a/python', '/b/python', '/usr/bin/python3', '/big/cache/python-3.14-1/bin/python', '/opt/pyenv/versions/3.13.1/bin/python', '/uv/cpython-3.13.0/bin/python3'],
    ],
    [
      'macOS',
      system('darwin', { PATH: '/usr/bin' }, '/Users/ann', { '/Users/ann/Library/Caches/fanout': ['python-3.14-1'], '/Users/ann/.pyenv/versions': ['3.12.1'] }),
      [
        '/usr/bin/python3',
        '/Users/ann/Library/Caches/fanout/python-3.14-1/bin/python',
        '/Users/ann/.pyenv/versions/3.12.1/bin/python',
        '/Library/Frameworks/Python.framework/Versions/3.14/bin/python3.14',
        '/Library/Frameworks/PythonT.framework/Versions/3.13/bin/python3.13t',
        '/opt/homebrew/bin/python3.14',
      ],
    ],
    [
      'Windows',
      system('win32', { Path: 'C:\\Windows;D:\\tools', LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local', ProgramFiles: 'C:\\Program Files' }, 'C:\\Users\\ann', {
        'C:\\Users\\ann\\AppData\\Local\\Programs\\Python': ['Python311', 'Python313', 'Launcher'],
        'C:\\Program Files': ['Python314', 'Git'],
        'C:\\Users\\ann\\AppData\\Local\\Python': ['pythoncore-3.14-64', 'bin'],
        'C:\\Users\\ann\\AppData\\Local\\fanout\\Cache': ['python-tools-1'],
        'C:\\Users\\ann\\.pyenv\\pyenv-win\\versions': ['3.10.5'],
      }),
      [
        'C:\\Windows\\python.exe',
        'D:\\tools\\py.exe',
        'C:\\Users\\ann\\AppData\\Local\\fanout\\Cache\\python-tools-1\\Scripts\\python.exe',
        'C:\\Users\\ann\\AppData\\Local\\Programs\\Python\\Python313\\python.exe',
        'C:\\Users\\ann\\AppData\\Local\\Programs\\Python\\Python311\\python.exe',
        'C:\\Users\\ann\\AppData\\Local\\Programs\\Python\\Python313\\python3.13t.exe',
        'C:\\Program Files\\Python314\\python.exe',
        'C:\\Program Files\\Python314\\python3.14t.exe',
        'C:\\Users\\ann\\AppData\\Local\\Python\\pythoncore-3.14-64\\python.exe',
        'C:\\Users\\ann\\.pyenv\\pyenv-win\\versions\\3.10.5\\python.exe',
      ],
    ],
  ];
  for (const [name, given, wanted] of cases) {
    it(`${name}: in this order`, () => {
      const places = pythonPlaces(given);
      assert.deepEqual(places.filter((place) => wanted.includes(place)), wanted);
      assert.equal(new Set(places).size, places.length, 'each once');
    });
  }

  it('leaves out what is no interpreter', () => {
    const places = cases.flatMap(([, given]) => pythonPlaces(given)).join('\n');
    assert.doesNotMatch(places, /my-env|pypy|\.lock|Launcher|Git|py-spy/);
  });
});

describe('where build tools are looked for', () => {
  const files = (platform: NodeJS.Platform, there: readonly string[], env: Record<string, string> = {}, folders: Record<string, string[]> = {}) => ({
    platform,
    env,
    home: platform === 'win32' ? 'C:\\Users\\ann' : '/home/ann',
    isFile: (file: string) => there.includes(file),
    list: (folder: string) => folders[folder] ?? [],
  });
  const cases: [name: string, tool: string, python: string | null, system: ReturnType<typeof files>, found: string | null][] = [
    ['beside the interpreter first', 'maturin', '/v/bin/python', files('linux', ['/v/bin/maturin', '/usr/bin/maturin'], { PATH: '/usr/bin' }), '/v/bin/maturin'],
    ['on the path', 'cargo', '/v/bin/python', files('linux', ['/usr/bin/cargo'], { PATH: '/bin:/usr/bin' }), '/usr/bin/cargo'],
    ['in Rust’s own folder', 'cargo', null, files('linux', ['/home/ann/.cargo/bin/cargo'], { PATH: '/bin' }), '/home/ann/.cargo/bin/cargo'],
    ['any C compiler', 'cc', null, files('linux', ['/usr/bin/gcc'], { PATH: '/usr/bin' }), '/usr/bin/gcc'],
    [
      'in a whole entry of the cache',
      'mojo',
      null,
      files('linux', ['/c/python-mojo-1/bin/mojo'], { FANOUT_CACHE: '/c' }, { '/c': ['python-mojo-1'], '/c/python-mojo-1': ['bin', '.complete'] }),
      '/c/python-mojo-1/bin/mojo',
    ],
    ['not in one that is half made', 'mojo', null, files('linux', ['/c/python-mojo-1/bin/mojo'], { FANOUT_CACHE: '/c' }, { '/c': ['python-mojo-1'], '/c/python-mojo-1': ['bin'] }), null],
    ['Windows: with its ending, in Scripts', 'maturin', 'C:\\v\\python.exe', files('win32', ['C:\\v\\Scripts\\maturin.exe'], { Path: 'C:\\bin' }), 'C:\\v\\Scripts\\maturin.exe'],
    ['Windows: Microsoft’s compiler', 'cc', null, files('win32', ['D:\\vc\\cl.exe'], { Path: 'D:\\vc' }), 'D:\\vc\\cl.exe'],
    ['nowhere', 'mojo', null, files('linux', [], { PATH: '/bin' }), null],
  ];
  for (const [name, tool, python, given, found] of cases) it(`${tool}: ${name}`, () => assert.equal(findTool(tool, python, given), found));

  it('a C compiler has several names', () => assert.deepEqual([namesOf('cc', 'darwin')[0], namesOf('cc', 'win32')[0]], ['cc', 'cl']));
});
