import { toolchain } from '../../support/toolchains';
import { builtSuite } from '../python-kernel/built-suite';
import { constants, functions, words } from './programs';
import { build } from './support';

builtSuite({
  id: 'python/mojo',
  suffix: 'mojo',
  functions: ['asinh(x)', 'acosh(x)', 'atanh(x)'],
  programs: [words, functions, constants],
  build(test, programs, python) {
    toolchain(test, 'mojo');
    return build(programs, python);
  },
});
