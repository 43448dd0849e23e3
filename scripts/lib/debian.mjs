/**
 * Python from Debian's archive, on hosts that use apt: a newer one from its binary packages in a folder of its own, and the source for
 * a build without the GIL. Nothing is installed on the host, and only the mirror that the host's apt is configured with is asked.
 * Plain Node built-ins only.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ask, runLow, which } from './children.mjs';

/** Why this host cannot; null when it can. */
export function whyNotDebian(tools) {
  if (process.platform !== 'linux') return 'it is set up from Debian packages, on Linux only';
  const missing = tools.filter((tool) => which(tool) === null);
  return missing.length > 0 ? `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not on the path` : null;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** An apt of our own: its lists, cache and sources lie in `dir`. Gives the environment that selects it. */
async function privateApt(dir, lines) {
  for (const name of ['lists/partial', 'cache/archives/partial', 'etc']) fs.mkdirSync(path.join(dir, name), { recursive: true });
  const mirror = await mirrorOf();
  fs.writeFileSync(path.join(dir, 'etc', 'sources.list'), lines.map((line) => `${line.replace('MIRROR', `[signed-by=${KEYRING}] ${mirror}`)}\n`).join(''));
  const settings = {
    'Dir::Etc::sourcelist': path.join(dir, 'etc', 'sources.list'),
    'Dir::Etc::sourceparts': path.join(dir, 'etc', 'none'),
    'Dir::State::lists': path.join(dir, 'lists'),
    'Dir::Cache': path.join(dir, 'cache'),
  };
  const config = path.join(dir, 'apt.conf');
  fs.writeFileSync(config, Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`).join(''));
  const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C' };
  await runLow('apt-get', ['-q', 'update'], { env });
  return env;
}

/** The archive that the host's own lists name. */
async function mirrorOf() {
  const listed = () => (ask('apt-get', ['indextargets', '--format', '$(REPO_URI)']) ?? '').split('\n').filter((uri) => uri && !uri.includes('security'));
  if (listed().length === 0) await runLow('apt-get', ['-q', 'update']);
  const [mirror] = listed();
  if (!mirror) throw new Error('apt knows no archive');
  return mirror;
}

const LOADERS = { amd64: ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2'], arm64: ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1'] };

/** Shared libraries that the interpreter and its extension modules load. */
const LIBRARIES = [
  'libc6', 'libexpat1', 'zlib1g', 'libssl3t64', 'libbz2-1.0', 'libffi8', 'liblzma5', 'libncursesw6', 'libreadline8t64', 'libsqlite3-0', 'libtinfo6', 'libuuid1',
  'libzstd1', 'libgcc-s1', 'libdb5.3t64',
]; // prettier-ignore

/**
 * Unpacks CPython of Debian unstable into a folder, with the C library that it needs: its binaries name the loader in this folder, so
 * the folder cannot be moved.
 * @param {string} minor `3.14`
 * @param {string} prefix absolute
 * @param {string} patchelf path of the tool
 * @returns {Promise<string>} path of the interpreter
 */
export async function unpackPython(minor, prefix, patchelf, onProgress) {
  const layout = LOADERS[ask('dpkg', ['--print-architecture']) ?? ''];
  if (!layout) throw new Error(`there is no recipe for this processor (${os.arch()})`);
  const scratch = path.join(prefix, 'download');
  const debs = path.join(scratch, 'debs');
  fs.mkdirSync(debs, { recursive: true });
  onProgress('  asking the archive');
  const env = await privateApt(path.join(scratch, 'apt'), ['deb MIRROR sid main']);
  const python = [`python${minor}-minimal`, `python${minor}`, `libpython${minor}-minimal`, `libpython${minor}-stdlib`, `libpython${minor}`, `python${minor}-dev`, `libpython${minor}-dev`, `python${minor}-venv`];
  onProgress('  downloading');
  await runLow('apt-get', ['-q', '-t', 'sid', 'download', ...python, ...LIBRARIES], { cwd: debs, env });
  onProgress('  unpacking');
  for (const deb of fs.readdirSync(debs).filter((name) => name.endsWith('.deb'))) await runLow('dpkg', ['-x', path.join(debs, deb), prefix]);
  fs.rmSync(scratch, { recursive: true, force: true });

  const [triplet, loader] = layout;
  const libraries = path.join(prefix, 'usr', 'lib', triplet);
  const binary = path.join(prefix, 'usr', 'bin', `python${minor}`);
  await runLow(patchelf, ['--set-interpreter', path.join(libraries, loader), '--force-rpath', '--set-rpath', libraries, binary]);
  const modules = path.join(prefix, 'usr', 'lib', `python${minor}`, 'lib-dynload');
  const shared = [
    ...fs.readdirSync(modules).filter((name) => name.endsWith('.so')).map((name) => path.join(modules, name)),
    ...fs.readdirSync(libraries).filter((name) => name.startsWith(`libpython${minor}.so.`)).map((name) => path.join(libraries, name)),
  ];
  for (const file of shared) if (!fs.lstatSync(file).isSymbolicLink()) await runLow(patchelf, ['--force-rpath', '--set-rpath', libraries, file]);
  return binary;
}

/**
 * Builds CPython 3.13 without the GIL (PEP 703) from Debian's source into a folder: four to five minutes of one core.
 * @param {string} prefix absolute; it cannot be moved afterwards
 * @returns {Promise<string>} path of the interpreter
 */
export async function buildFreeThreaded(prefix, onProgress) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-python-'));
  try {
    onProgress('  asking the archive');
    const env = await privateApt(path.join(scratch, 'apt'), ['deb-src MIRROR trixie main', 'deb-src MIRROR testing main']);
    const source = path.join(scratch, 'src');
    fs.mkdirSync(source);
    onProgress('  downloading the source');
    await runLow('apt-get', ['-q', 'source', '--download-only', 'python3.13'], { cwd: source, env });
    const archive = fs.readdirSync(source).find((name) => /^python3\.13_.*\.orig\.tar\.xz$/.test(name));
    if (!archive) throw new Error('the archive gave no source of Python 3.13');
    await runLow('tar', ['xf', archive], { cwd: source });
    const tree = path.join(source, fs.readdirSync(source).find((name) => name.startsWith('Python-3.13')));
    onProgress('  configuring');
    const flags = ['--disable-gil', '--disable-test-modules', '--without-doc-strings', '--without-ensurepip', '--with-pkg-config=no', 'CFLAGS=-g0'];
    await runLow(path.join(tree, 'configure'), ['-q', `--prefix=${prefix}`, ...flags], { cwd: tree });
    onProgress('  compiling');
    await runLow('make', ['-s', `-j${os.availableParallelism()}`], { cwd: tree });
    onProgress('  copying');
    await runLow('make', ['-s', 'install'], { cwd: tree });
    return path.join(prefix, 'bin', 'python3.13t');
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}
