/** `fanout`: the command line. Each command is a file of its own; this one only reads arguments. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { CancelledError } from '../analysis/cancellation';
import { ConfigError } from '../session/config';
import { ProgramError } from '../measure/program';
import { UsageError } from '../session/session';
import { START_METHODS } from '../strategies/types';
import { EXIT_USAGE } from './exit';
import { cancelOnInterrupt, errorLine } from './terminal';

function list(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function workerCounts(value: string): number[] {
  return list(value).map((part) => {
    const n = Number(part);
    if (!Number.isInteger(n) || n < 1 || n > 512) throw new InvalidArgumentError(`'${part}' is not a number of workers (1 to 512).`);
    return n;
  });
}

function seconds(value: string): number {
  const n = Number(value);
  if (!(n > 0)) throw new InvalidArgumentError('It is a number of seconds above 0.');
  return n;
}

const format = (choices: string[]) => new Option('--format <format>', 'how to print the result').choices(choices).default('text');
const python = () => new Option('--python <path>', "the Python interpreter that runs the program (default: the configured one, else the path's)");
const startMethod = () => new Option('--start-method <method>', 'how python/multiprocessing starts its workers (default: what is safe on the system)').choices(START_METHODS);
const limit = () => new Option('--timeout <seconds>', 'time limit for one run of the program').argParser(seconds).default(300);

function build(): Command {
  const program = new Command('fanout');
  program
    .description(
      'Finds the loops that keep one core busy, says whether their iterations are independent and what stops them if not,\n' +
        'rewrites them to run in parallel, proves on your own program that the result is the same, and measures the gain.',
    )
    .version(version)
    .showHelpAfterError('(run with --help for what it takes)')
    .exitOverride();

  program
    .command('check')
    .description('judge the loops and the values handed to workers in files and folders')
    .argument('<path...>', 'files or folders; imports are followed within the same project')
    .addOption(format(['text', 'json', 'sarif']))
    .addOption(new Option('--loops <which>', 'list the loops with findings, or all of them').choices(['findings', 'all']).default('findings'))
    .addHelpText('after', '\nExit codes: 0 nothing at error level, 1 some, 2 usage or unreadable input.')
    .action(async (paths: string[], options) => (await import('./check')).check(paths, options));

  // A part of a `check` on several processes.
  program.command('check-part', { hidden: true }).action(async () => (await import('./parallel-check')).servePart());

  program
    .command('explain')
    .description('say what is known of one loop: verdict, reasons, assumptions, and every strategy')
    .argument('<FILE:LINE[:COLUMN]>', 'where the loop begins')
    .addOption(format(['text', 'json']))
    .action(async (where: string, options) => (await import('./explain')).explain(where, options));

  program
    .command('fix')
    .description('rewrite one loop to run in parallel: print a unified diff, or write it')
    .argument('<FILE:LINE[:COLUMN]>', 'where the loop begins')
    .option('--strategy <id>', 'the way to run it (default: python/process-pool or javascript/piscina; python/multiprocessing with --start-method)')
    .addOption(startMethod())
    .option('--write', 'change the files instead of printing the diff')
    .option('--assume', 'allow a rewrite that rests on what cannot be seen (explain lists it)')
    .addHelpText('after', '\nExit codes: 0 rewritten, 1 the strategy does not fit (the reason is printed, nothing is changed), 2 usage.')
    .action(async (where: string, options) => (await import('./fix')).fix(where, options));

  program
    .command('profile')
    .description('run a program and list the loops in which it spends its time')
    .usage('[options] -- PROGRAM ARG...')
    .argument('[program...]', 'what you would type: python app.py, node main.mjs, npm test, or a source file')
    .addOption(format(['text', 'json']))
    .option('--from <profile>', 'read a profile made before (py-spy raw or speedscope, or a .cpuprofile) instead of running')
    .addOption(python())
    .addOption(limit())
    .action(async (command: string[], options) => (await import('./profile')).profileCommand(command, options));

  program
    .command('bench')
    .description('run a program with the loop as it is and rewritten, in turns: is the result the same, and what is the gain?')
    .usage('[options] FILE:LINE[:COLUMN] -- PROGRAM ARG...')
    .argument('<FILE:LINE[:COLUMN]>', 'where the loop begins')
    .argument('[program...]', 'what you would type; without it, the file itself is run')
    .option('--strategy <id,...>', 'ways to compare (default: all that fit)', list)
    .addOption(startMethod())
    .option('--workers <n,...>', 'numbers of workers to compare (default: all usable cores)', workerCounts)
    .option('--assume', 'allow rewrites that rest on what cannot be seen (verification checks them)')
    .option('--pairs <n>', 'pairs of runs at the most', (v) => workerCounts(v)[0])
    .option('--sizes <n,...>', 'measure with each of these in the place of {} in the program’s arguments, and tell from which on it pays', list)
    .option('--json <file>', 'also write the report as JSON')
    .option('--html <file>', 'also write the report as one self-contained HTML page')
    .option('--yes', 'do not ask before running the program')
    .addOption(python())
    .addOption(limit())
    .addHelpText('after', '\nExit codes: 0 measured and verified equal, 1 different, not verified or failed, 2 usage.')
    .action(async (where: string, command: string[], options) => (await import('./bench')).benchCommand(where, command, options));

  program
    .command('verify')
    .description("run a program with the loop's iterations alone and in other orders: do they touch each other in this run?")
    .usage('[options] FILE:LINE[:COLUMN] -- PROGRAM ARG...')
    .argument('<FILE:LINE[:COLUMN]>', 'where the loop begins')
    .argument('[program...]', 'what you would type; without it, the file itself is run')
    .addOption(format(['text', 'json']))
    .option('--yes', 'do not ask before running the program')
    .addOption(python())
    .addOption(limit())
    .addHelpText('after', '\nExit codes: 0 independent in this run, 1 dependent, not settled or failed, 2 usage.')
    .action(async (where: string, command: string[], options) => (await import('./verify')).verifyCommand(where, command, options));

  program
    .command('survey')
    .description('the whole job on a folder: analyse it, profile its programs, rewrite the hottest loop of each, prove and measure it')
    .argument('[path]', 'the folder', '.')
    .option('--html <file>', 'also write the report as one self-contained HTML page')
    .option('--pairs <n>', 'pairs of runs for each measurement', (v) => workerCounts(v)[0], 3)
    .option('--install', "put what measuring needs (py-spy) into Fanout's own cache where it is missing")
    .option('--yes', 'do not ask before running the programs')
    .addOption(python())
    .addOption(limit())
    .addHelpText('after', '\nExit codes: 0 all went well, 1 a rewrite failed or differed, 2 usage.')
    .action(async (folder: string, options) => (await import('./survey')).surveyCommand(folder, options));

  program
    .command('doctor')
    .description('tell which strategies can run here, and the command that would make the others')
    .addOption(format(['text', 'json']))
    .addOption(python())
    .action(async (options) => (await import('./doctor')).doctorCommand(options));

  program
    .command('lsp')
    .description('speak the language server protocol')
    .addOption(new Option('--stdio', 'over standard input and output').hideHelp(false))
    // Clients name their transport and their own process: `--node-ipc --clientProcessId=N`.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => (await import('../server/server')).startServer());

  return program;
}

async function main(): Promise<void> {
  // The process that started a part stops it.
  if (process.argv[2] !== 'check-part') cancelOnInterrupt();
  try {
    await build().parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; help and version are no errors.
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    } else if (error instanceof UsageError || error instanceof ConfigError || error instanceof ProgramError) {
      errorLine(error.message);
      process.exitCode = EXIT_USAGE;
    } else if (error instanceof CancelledError) {
      errorLine('cancelled; nothing was changed');
      process.exitCode = 130;
    } else {
      errorLine(`this is a defect of fanout: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 70;
    }
  }
}

void main();
