/** Packages with a loop in one of their modules, and how each is run. */

export interface PackageProgram {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** The module with the loop, and how the loop begins. */
  readonly file: string;
  readonly loop: string;
  /** What the interpreter is given, in the folder above the package. */
  readonly args: readonly string[];
}

const KERNELS = `import math

LIGHT = 0.25


def shade(y, width):
    return [math.sin(x * LIGHT) * y for x in range(width)]
`;

const SCALES = `def by_two(value):
    return value * 2
`;

const RENDER = `def render(width, height):
    rows = []
    for y in range(height):
        row = shade(y, width)
        rows.append(scales.by_two(sum(row)))
    return rows
`;

const LOOP = 'for y in range(height)';

export const PACKAGES: readonly PackageProgram[] = [
  {
    title: 'the module that is started',
    files: {
      'pkg/__init__.py': '',
      'pkg/kernels.py': KERNELS,
      'pkg/scales.py': SCALES,
      'pkg/main.py': `from . import scales\nfrom .kernels import shade\n\n\n${RENDER}\n\nif __name__ == "__main__":\n    print(render(6, 8))\n`,
    },
    file: 'pkg/main.py',
    loop: LOOP,
    args: ['-m', 'pkg.main'],
  },
  {
    title: 'the same at its top level, in a package without __init__.py',
    files: {
      'pkg/kernels.py': KERNELS,
      'pkg/scales.py': SCALES,
      'pkg/main.py': 'from . import scales\nfrom .kernels import shade\n\nwidth, height = 6, 8\nrows = []\nfor y in range(height):\n    rows.append(scales.by_two(sum(shade(y, width))))\nprint(rows)\n',
    },
    file: 'pkg/main.py',
    loop: LOOP,
    args: ['-m', 'pkg.main'],
  },
  {
    title: 'the module that is started, with full names',
    files: {
      'pkg/__init__.py': '',
      'pkg/kernels.py': KERNELS,
      'pkg/scales.py': SCALES,
      'pkg/main.py': `from pkg import scales\nfrom pkg.kernels import shade\n\n\n${RENDER}\n\nif __name__ == "__main__":\n    print(render(6, 8))\n`,
    },
    file: 'pkg/main.py',
    loop: LOOP,
    args: ['-m', 'pkg.main'],
  },
  {
    title: 'a module that __main__ imports',
    files: {
      'pkg/__init__.py': '',
      'pkg/kernels.py': KERNELS,
      'pkg/scales.py': SCALES,
      'pkg/work.py': `from . import scales\nfrom .kernels import shade\n\n\n${RENDER}`,
      'pkg/__main__.py': 'from .work import render\n\nif __name__ == "__main__":\n    print(render(6, 8))\n',
    },
    file: 'pkg/work.py',
    loop: LOOP,
    args: ['-m', 'pkg'],
  },
  {
    title: 'a module of a package inside it, started by a script',
    files: {
      'pkg/__init__.py': '',
      'pkg/kernels.py': KERNELS,
      'pkg/scales.py': SCALES,
      'pkg/deep/__init__.py': '',
      'pkg/deep/work.py': `from .. import scales\nfrom ..kernels import shade\n\n\n${RENDER}`,
      'app.py': 'from pkg.deep.work import render\n\nif __name__ == "__main__":\n    print(render(6, 8))\n',
    },
    file: 'pkg/deep/work.py',
    loop: LOOP,
    args: ['app.py'],
  },
];
