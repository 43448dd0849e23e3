/** What decides where programs are found: data, so that one machine can test every platform. */
import * as fs from 'node:fs';
import * as os from 'node:os';

export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Whether a file is there that can be started. */
  readonly isFile: (file: string) => boolean;
  /** Names in a folder; none where it cannot be read. */
  readonly list: (folder: string) => readonly string[];
}

export const thisSystem: System = {
  platform: process.platform,
  env: process.env,
  home: os.homedir(),
  isFile(file) {
    try {
      fs.accessSync(file, fs.constants.X_OK);
      return fs.statSync(file).isFile();
    } catch {
      return false;
    }
  },
  list(folder) {
    try {
      return fs.readdirSync(folder);
    } catch {
      return [];
    }
  },
};
