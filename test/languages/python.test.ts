/** What Python source becomes: the IR as `printModule` shows it. */
import assert from 'node:assert/strict';
import type { Expr, ModuleIR, Stmt, Target } from '../../src/ir/ir';
import { printModule } from '../../src/ir/print';
import { walkFunction } from '../../src/ir/walk';
import type { Frontend } from '../../src/languages/frontend';
import { createPythonFrontend } from '../../src/languages/python/frontend';

let frontend: Frontend;

interface Case {
  readonly title: string;
  readonly source: string;
  readonly ir: string;
}

function table(cases: readonly Case[]): void {
  for (const { title, source, ir } of cases) {
    it(title, () => assert.equal(printModule(lower(dedent(source))).trimEnd(), dedent(ir).trimEnd()));
  }
}

function lower(text: string): ModuleIR {
  return frontend.lower('m.py', text);
}

/** Takes away the indentation of the first line, and the empty lines around. */
function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').replace(/\n\s*$/, '\n').split('\n');
  const indent = /^ */.exec(lines[0]!)![0].length;
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** Every node of a module, with the text that its span covers. */
function* nodes(module: ModuleIR, text: string): Generator<{ readonly node: Expr | Target | Stmt; readonly text: string; readonly fn: string }> {
  for (const fn of module.functions.values()) {
    const found: (Expr | Target | Stmt)[] = [];
    const note = (node: Expr | Target | Stmt): void => void found.push(node);
    walkFunction(fn, { expr: note, target: note, stmt: note });
    for (const node of found) {
      assert.ok(node.span.start >= 0 && node.span.start <= node.span.end && node.span.end <= fn.length, `${fn.id}: ${node.type} outside`);
      yield { node, text: text.slice(fn.start + node.span.start, fn.start + node.span.end), fn: fn.id };
    }
  }
}

describe('Python front end', () => {
  before(async () => {
    frontend = await createPythonFrontend();
  });

  describe('statements', () => {
    table([
      {
        title: 'assignments: chained, unpacked, starred, augmented, annotated',
        source: `
          a = b = 1
          (c) = 2
          d, (e, *f) = [3, 4, 5]
          g[0], h.x = a, b
          a += 1
          i: int = 6
          j: 'list[str]'
        `,
        ir: `
          module:
            local /a
            local /b: int constant
            local /c: int constant
            local /d constant
            local /e constant
            local /f constant
            local /i: int constant
            local /j: list[str]
            free builtin/g builtin/h
            a = b = 1
            c = 2
            [d, [e, *f]] = [3, 4, 5]
            [g[0], h.x] = (a, b)
            a += 1
            i: int = 6
            annotation j: list[str]
        `,
      },
      {
        title: 'if, elif and else nest',
        source: `
          if a:
              b
          elif c:
              d
          elif e:
              pass
          else:
              f
        `,
        ir: `
          module:
            free builtin/a builtin/b builtin/c builtin/d builtin/e builtin/f
            if a:
              b
            else:
              if c:
                d
              else:
                if e:
                  pass
                else:
                  f
        `,
      },
      {
        title: 'loops with else',
        source: `
          for i, x in enumerate(xs):
              if x: break
          else:
              y
          while n:
              continue
          else:
              z
        `,
        ir: `
          module:
            local /i
            local /x
            free builtin/enumerate builtin/xs builtin/y builtin/n builtin/z
            for [i, x] in enumerate(xs):
              if x:
                break
            else:
              y
            while n:
              continue
            else:
              z
        `,
      },
      {
        title: 'try in all its parts',
        source: `
          try:
              a()
          except (KeyError, ValueError) as error:
              raise Other from error
          except:
              raise
          else:
              b()
          finally:
              c()
        `,
        ir: `
          module:
            local /error
            free builtin/a builtin/KeyError builtin/ValueError builtin/Other builtin/b builtin/c
            try:
              a()
            except (KeyError, ValueError) as error:
              raise Other from error
            except:
              raise
            else:
              b()
            finally:
              c()
        `,
      },
      {
        title: 'except* and exception lists without parentheses',
        source: `
          try:
              a()
          except* OSError as group:
              b()
          try:
              a()
          except A, B:
              b()
        `,
        ir: `
          module:
            local /group
            free builtin/a builtin/OSError builtin/b builtin/A builtin/B
            try:
              a()
            except OSError as group:
              b()
            try:
              a()
            except (A, B):
              b()
        `,
      },
      {
        title: 'with: several items, parentheses, targets',
        source: `
          with open(p) as f, lock:
              pass
          with (a as b, c as (d, e)):
              pass
          with (f() as g):
              pass
          with (h, i):
              pass
        `,
        ir: `
          module:
            local /f constant
            local /b constant
            local /d constant
            local /e constant
            local /g constant
            free builtin/open builtin/p builtin/lock builtin/a builtin/c builtin/h builtin/i
            with open(p) as f, lock:
              pass
            with a as b, c as [d, e]:
              pass
            with f() as g:
              pass
            with h, i:
              pass
        `,
      },
      {
        title: 'match',
        source: `
          match command:
              case [x, *rest] if x > 0:
                  a
              case {'k': v, **kw} | Point(x=0, y=v):
                  b
              case -1 | 'a' 'b' | Color.RED:
                  c
              case (1, _) as pair:
                  d
              case other:
                  e
        `,
        ir: `
          module:
            local /x constant
            local /rest constant
            local /v
            local /kw constant
            local /pair constant
            local /other constant
            free builtin/command builtin/a builtin/Point builtin/b builtin/Color builtin/c builtin/d builtin/e
            match command:
              case … binds x, rest if (x > 0):
                a
              case "k" | Point | 0 binds v, kw, v:
                b
              case -(1) | "ab" | Color.RED:
                c
              case 1 binds pair:
                d
              case default binds other:
                e
        `,
      },
      {
        title: 'del, assert, global, return values',
        source: `
          def f():
              global n
              del a[0], (b.c), n
              assert n, 'no n'
              return 1, 2
        `,
        ir: `
          module:
            function /f = f constant
            local /n captured
            free builtin/a builtin/b
            def f = f
          function f():
            free builtin/a builtin/b /n
            pass
            del a[0], b.c, ::n
            assert ::n, "no n"
            return (1, 2)
        `,
      },
      {
        title: 'imports',
        source: `
          import os
          import os.path
          import a.b as c, d.e
          from . import x
          from ..p.q import (y as z,)
          from __future__ import annotations
        `,
        ir: `
          module:
            import /os from os
            import /c from a.b constant
            import /d from d constant
            import /x from .:x constant
            import /z from ..p.q:y constant
            import /annotations from __future__:annotations constant
            import os (os as os)
            import os.path (os as os)
            import a.b (a.b as c)
            import d.e (d as d)
            import . (x as x)
            import ..p.q (y as z)
            import __future__ (annotations as annotations)
        `,
      },
      {
        title: 'print >>f is an error that spoils its function only',
        source: `
          def f():
              print >>g, 1
          def h():
              return 2
        `,
        ir: `
          problem 13..25: the print statement of Python 2 is not read
          module:
            function /f = f constant
            function /h = h constant
            free builtin/g
            def f = f
            def h = h
          function f() [broken]:
            free builtin/g
            opaque<print_statement>(opaque<chevron>(g), 1)
          function h():
            return 2
        `,
      },
      {
        title: 'type aliases',
        source: `
          type A[T] = list[T]
          x: A = 1
        `,
        ir: `
          module:
            local /A
            local /x: int constant
            pass
            x: Any = 1
        `,
      },
    ]);
  });

  describe('expressions', () => {
    table([
      {
        title: 'literals',
        source: `
          x = [1, 0x_ff, 1_000, 9007199254740993, 1.5, 1e3, 2j, True, None, ..., 'a' "b", b'\\x00\\n', r'\\n', '\\u00e9\\N{DASH}']
        `,
        ir: `
          module:
            local /x: list constant
            x = [1, 255, 1000, 9007199254740993, 1.5, 1000.0, 2j, True, None, ..., "ab", b"\\u0000\\n", "\\\\n", "é\\\\N{DASH}"]
        `,
      },
      {
        title: 'operators keep their precedence and spelling',
        source: `
          x = -a ** 2 + b @ c // d << 1 & ~e | f ^ g
          y = not a and b or c
          z = a < b <= c != d
          w = a not in b is not c
        `,
        ir: `
          module:
            local /x constant
            local /y constant
            local /z constant
            local /w: bool constant
            free builtin/a builtin/b builtin/c builtin/d builtin/e builtin/f builtin/g
            x = ((((-(a ** 2) + ((b @ c) // d)) << 1) & ~e) | (f ^ g))
            y = ((not a and b) or c)
            z = (a < b <= c != d)
            w = (a not in b is not c)
        `,
      },
      {
        title: 'calls and subscripts',
        source: `
          f(a, *b, k=1, **c)
          f(x for x in y)
          a[i]
          a[i, j]
          a[i,]
          a[1:2, ::3, :]
          a[*b]
        `,
        ir: `
          module:
            local /x#1
            free builtin/f builtin/a builtin/b builtin/c builtin/y builtin/i builtin/j
            f(a, *b, k=1, **c)
            f(generator<x#1 for x#1 in y>)
            a[i]
            a[(i, j)]
            a[(i,)]
            a[(1:2, ::3, :)]
            a[(*b,)]
        `,
      },
      {
        title: 'conditional, lambda, walrus',
        source: `
          x = a if b else c
          f = lambda a, *b, c=1, **d: a
          if (n := len(xs)) > 1: n
        `,
        ir: `
          module:
            local /x constant
            local /f: function constant
            local /n: int constant
            free builtin/b builtin/a builtin/c builtin/len builtin/xs
            x = (a if b else c)
            f = <function <lambda> defaults 1>
            if ((n := len(xs)) > 1):
              n
          function <lambda>(a, *b, c = 1 keyword, **d) [lambda]:
            param <lambda>/a constant
            param <lambda>/b constant
            param <lambda>/c constant
            param <lambda>/d constant
            return a
        `,
      },
      {
        title: 'displays',
        source: `
          [*a, 1]
          {1, *b}
          {**c, 'k': 2}
          ()
          (1,)
          1, 2
        `,
        ir: `
          module:
            free builtin/a builtin/b builtin/c
            [*a, 1]
            {1, *b}
            {**c, "k": 2}
            ()
            (1,)
            (1, 2)
        `,
      },
      {
        title: 'f-strings give what is evaluated in them',
        source: `
          f'{a!r:>{w}} {b=} {{no}} {c:%Y}' 'plain' rf'{d[0]}'
          t'{e}'
        `,
        ir: `
          module:
            free builtin/a builtin/w builtin/b builtin/c builtin/d builtin/e
            template(a, w, b, c, d[0])
            template(e)
        `,
      },
      {
        title: 'await and yield',
        source: `
          async def f():
              x = await a
              y = yield x
              async for i in b: yield
              async with c as d: pass
              return [i async for i in e]
          def g():
              yield from h
        `,
        ir: `
          module:
            function /f = f constant
            function /g = g constant
            free builtin/a builtin/b builtin/c builtin/e builtin/h
            def f = f
            def g = g
          function f() [async generator]:
            local f/x constant
            local f/y constant
            local f/i
            local f/d constant
            local f/i#1
            free builtin/a builtin/b builtin/c builtin/e
            x = (await a)
            y = (yield x)
            async for i in b:
              (yield)
            async with c as d:
              pass
            return list<i#1 async for i#1 in e>
          function g() [generator]:
            free builtin/h
            (yield from h)
        `,
      },
      {
        title: 'comprehensions',
        source: `
          [f(x) for x in xs if x if y]
          {k: v for k, v in d.items()}
          {x for row in m for x in row}
        `,
        ir: `
          module:
            local /x#1
            local /k#1
            local /v#1
            local /row#1
            local /x#2
            free builtin/xs builtin/d builtin/m builtin/y builtin/f
            list<f(x#1) for x#1 in xs if x#1 if y>
            dict<k#1: v#1 for [k#1, v#1] in d.items()>
            set<x#2 for row#1 in m for x#2 in row#1>
        `,
      },
    ]);
  });

  describe('names', () => {
    table([
      {
        title: 'a comprehension has a scope of its own, counted per name',
        source: `
          x = 0
          a = [x for x in range(3)]
          b = {x: y for x in a for y in x}
        `,
        ir: `
          module:
            local /x: int constant
            local /a: list[int] constant
            local /b: dict constant
            local /x#1: int
            local /x#2: int
            local /y#1
            free builtin/range
            x = 0
            a = list<x#1 for x#1 in range(3)>
            b = dict<x#2: y#1 for x#2 in a for y#1 in x#2>
        `,
      },
      {
        title: 'the first iterable belongs to the scope around',
        source: `
          def f(x):
              return [x for x in x]
        `,
        ir: `
          module:
            function /f = f constant
            def f = f
          function f(x):
            param f/x constant
            local f/x#1
            return list<x#1 for x#1 in x>
        `,
      },
      {
        title: 'a walrus in a comprehension binds in the function',
        source: `
          def f(xs):
              ys = [last := x for x in xs]
              return last
        `,
        ir: `
          module:
            function /f = f constant
            def f = f
          function f(xs):
            param f/xs constant
            local f/last constant
            local f/ys: list constant
            local f/x#1
            ys = list<(last := x#1) for x#1 in xs>
            return last
        `,
      },
      {
        title: 'local because assigned further down',
        source: `
          n = 1
          def f():
              print(n)
              n = 2
        `,
        ir: `
          module:
            local /n: int constant
            function /f = f constant
            free builtin/print
            n = 1
            def f = f
          function f():
            local f/n: int constant
            free builtin/print
            print(n)
            n = 2
        `,
      },
      {
        title: 'global and nonlocal',
        source: `
          n = 0
          def f():
              global n, m
              k = 1
              n = m = 2
              def g():
                  nonlocal k
                  k += n
              return g
        `,
        ir: `
          module:
            local /n captured
            function /f = f constant
            local /m captured
            n = 0
            def f = f
          function f():
            local f/k captured
            function f/g = f.<locals>.g constant
            free /n /m
            pass
            k = 1
            ::n = ::m = 2
            def g = f.<locals>.g
            return g
          function f.<locals>.g():
            free /n f/k
            pass
            f::k += ::n
        `,
      },
      {
        title: 'class names are seen by the class body only',
        source: `
          x = 1
          class C:
              x = 2
              y = x
              def m(self, d=x):
                  return x
              zs = [x for _ in range(x)]
        `,
        ir: `
          module:
            local /x: int constant captured
            class /C = C constant
            local C/x: int constant
            local C/y: int constant
            function C/m = C.m constant
            local C/zs: list[int] constant
            local /_#1: int
            free builtin/range
            x = 1
            class C = C():
              C::x = 2
              C::y = C::x
              def C::m = C.m defaults C::x
              C::zs = list<x for _#1 in range(C::x)>
          function C.m(self, d = C::x) [method of C]:
            param C.m/self: C constant
            param C.m/d constant
            free /x
            return ::x
          class C:
            method m = C.m
            field x: int static
            field y: int static
            field zs: list[int] static
        `,
      },
      {
        title: 'a name bound in two ways is a plain local',
        source: `
          try:
              import fast as impl
          except ImportError:
              impl = None
          if a:
              def f(): pass
          else:
              def f(): pass
        `,
        ir: `
          module:
            local /impl
            local /f
            free builtin/ImportError builtin/a
            try:
              import fast (fast as impl)
            except ImportError:
              impl = None
            if a:
              def f = f
            else:
              def f = f#2
          function f():
            pass
          function f#2():
            pass
        `,
      },
      {
        title: 'loop targets, deleted names and what loops assign are not constant',
        source: `
          for i in a:
              j = i
          k = 1
          del k
          l = 2
          with b as m: pass
        `,
        ir: `
          module:
            local /i
            local /j
            local /k
            local /l: int constant
            local /m constant
            free builtin/a builtin/b
            for i in a:
              j = i
            k = 1
            del k
            l = 2
            with b as m:
              pass
        `,
      },
      {
        title: 'captured and free reach through functions between',
        source: `
          def f(a):
              b = 1
              def g():
                  def h():
                      return a + b
                  return h
              return g
        `,
        ir: `
          module:
            function /f = f constant
            def f = f
          function f(a):
            param f/a constant captured
            local f/b: int constant captured
            function f/g = f.<locals>.g constant
            b = 1
            def g = f.<locals>.g
            return g
          function f.<locals>.g():
            function f.<locals>.g/h = f.<locals>.g.<locals>.h constant
            free f/a f/b
            def h = f.<locals>.g.<locals>.h
            return h
          function f.<locals>.g.<locals>.h():
            free f/a f/b
            return (f::a + f::b)
        `,
      },
      {
        title: 'type parameters',
        source: `
          def f[T](x: T) -> T:
              return T
          class C[U]:
              def m(self):
                  return U
        `,
        ir: `
          module:
            function /f = f constant
            class /C = C constant
            local /T#1 constant captured
            local /U#1 constant captured
            function C/m = C.m constant
            def f = f
            class C = C():
              def C::m = C.m
          function f(x: Any) -> Any:
            param f/x constant
            free /T#1
            return ::T#1
          function C.m(self) [method of C]:
            param C.m/self: C constant
            free /U#1
            return ::U#1
          class C:
            method m = C.m
        `,
      },
      {
        title: 'functions of the same name are told apart',
        source: `
          def f(): pass
          def f(): return lambda: lambda: 1
        `,
        ir: `
          module:
            local /f
            def f = f
            def f = f#2
          function f():
            pass
          function f#2():
            return <function f#2.<locals>.<lambda>>
          function f#2.<locals>.<lambda>() [lambda]:
            return <function f#2.<locals>.<lambda>.<locals>.<lambda>>
          function f#2.<locals>.<lambda>.<locals>.<lambda>() [lambda]:
            return 1
        `,
      },
      {
        title: 'star imports: known libraries, builtins they hide, one unseen module',
        source: `
          from math import *
          from os import *
          from mine import *
          sqrt(len(helper(open(p))))
        `,
        ir: `
          module:
            import /sqrt from math:sqrt constant
            import /helper from mine:helper constant
            import /open from os:open constant
            import /p from mine:p constant
            free builtin/len
            import math *
            import os *
            import mine *
            sqrt(len(helper(open(p))))
        `,
      },
      {
        title: 'identifiers are compared in normal form',
        source: `
          ﬁ = 1
          print(fi)
        `,
        ir: `
          module:
            local /fi: int constant
            free builtin/print
            fi = 1
            print(fi)
        `,
      },
    ]);
  });

  describe('types and classes', () => {
    table([
      {
        title: 'annotations',
        source: `
          from typing import Optional, List, Any, Literal, Final
          import numpy as np
          import typing as t
          class Node: pass
          def f(a: int, b: 'Node', c: Optional[int], d: List[str], e: np.ndarray, g: t.Callable[[int], str], h: int | None, i: Any, j: Literal['x'], *args: float, **kw: bytes) -> dict[str, Node]: ...
          k: Final[int] = 1
        `,
        ir: `
          module:
            import /Optional from typing:Optional constant
            import /List from typing:List constant
            import /Any from typing:Any constant
            import /Literal from typing:Literal constant
            import /Final from typing:Final constant
            import /np from numpy constant
            import /t from typing constant
            class /Node = Node constant
            function /f = f constant
            local /k: int constant
            import typing (Optional as Optional, List as List, Any as Any, Literal as Literal, Final as Final)
            import numpy (numpy as np)
            import typing (typing as t)
            class Node = Node():
              pass
            def f = f
            k: int = 1
          function f(a: int, b: Node, c: int | None, d: list[str], e: numpy.ndarray, g: Callable[parameters[int], str], h: int | None, i: Any, j: Any, *args: tuple[float], **kw: dict[str, bytes]) -> dict[str, Node]:
            param f/a: int constant
            param f/b: Node constant
            param f/c: int | None constant
            param f/d: list[str] constant
            param f/e: numpy.ndarray constant
            param f/g: Callable[parameters[int], str] constant
            param f/h: int | None constant
            param f/i constant
            param f/j constant
            param f/args: tuple[float] constant
            param f/kw: dict[str, bytes] constant
            ...
          class Node:
        `,
      },
      {
        title: 'values of names bound once',
        source: `
          a = 1
          b = 2.0 * a
          c = [1, 2]
          d = {'x': 1.5}
          e = (1, 'x')
          f = f'{a}'
          g = not a
          h = C()
          i = a
          j = [x / 2 for x in c]
          class C: pass
          for k in c: pass
        `,
        ir: `
          module:
            local /a: int constant
            local /b: float constant
            local /c: list[int] constant
            local /d: dict[str, float] constant
            local /e: tuple[int, str] constant
            local /f: str constant
            local /g: bool constant
            local /h: C constant
            local /i: int constant
            local /j: list[float] constant
            class /C = C constant
            local /k: int
            local /x#1: int
            a = 1
            b = (2.0 * a)
            c = [1, 2]
            d = {"x": 1.5}
            e = (1, "x")
            f = template(a)
            g = not a
            h = C()
            i = a
            j = list<(x#1 / 2) for x#1 in c>
            class C = C():
              pass
            for k in c:
              pass
          class C:
        `,
      },
      {
        title: 'names bound twice have none',
        source: `
          a = 1
          a = 2
          b = 0
          b += 1
        `,
        ir: `
          module:
            local /a
            local /b
            a = 1
            a = 2
            b = 0
            b += 1
        `,
      },
      {
        title: 'fields: class body, constructor, other methods',
        source: `
          class C(Base, metaclass=Meta):
              count: int = 0
              names = []
              size: float
              def grow(self):
                  self.late = 1
                  self.rows = None
              def __init__(self, n: int):
                  self.n = n
                  self.rows = [n]
                  self.late: int = 2
        `,
        ir: `
          module:
            class /C = C constant
            local C/count: int constant
            local C/names: list constant
            local C/size: float
            function C/grow = C.grow constant
            function C/__init__ = C.__init__ constant
            free builtin/Base builtin/Meta
            class C = C(Base, metaclass=Meta):
              C::count: int = 0
              C::names = []
              annotation C::size: float
              def C::grow = C.grow
              def C::__init__ = C.__init__
          function C.grow(self) [method of C]:
            param C.grow/self: C constant
            self.late = 1
            self.rows = None
          function C.__init__(self, n: int) [constructor of C]:
            param C.__init__/self: C constant
            param C.__init__/n: int constant
            self.n = n
            self.rows = [n]
            self.late: int = 2
          class C:
            method grow = C.grow
            method __init__ = C.__init__
            field count: int static
            field names: list static
            field size: float
            field n: int
            field rows
            field late: int
        `,
      },
      {
        title: 'properties, static and class methods',
        source: `
          class C:
              @property
              def p(self): return 1
              @p.setter
              def p(self, v): pass
              @staticmethod
              def s(x): pass
              @classmethod
              def c(cls): pass
              @functools.lru_cache(maxsize=None)
              def m(self): pass
        `,
        ir: `
          module:
            class /C = C constant
            local C/p
            function C/s = C.s constant
            function C/c = C.c constant
            function C/m = C.m constant
            free builtin/property builtin/staticmethod builtin/classmethod builtin/functools
            class C = C():
              @property def C::p = C.p
              @C::p.setter def C::p = C.p#2
              @staticmethod def C::s = C.s
              @classmethod def C::c = C.c
              @functools.lru_cache(maxsize=None) def C::m = C.m
          function C.p(self) [getter of C @property]:
            param C.p/self: C constant
            return 1
          function C.p#2(self, v) [setter of C @p.setter]:
            param C.p#2/self: C constant
            param C.p#2/v constant
            pass
          function C.s(x) [method of C @staticmethod]:
            param C.s/x constant
            pass
          function C.c(cls) [method of C @classmethod]:
            param C.c/cls: type[C] constant
            pass
          function C.m(self) [method of C @functools.lru_cache]:
            param C.m/self: C constant
            pass
          class C:
            method get p = C.p
            method set p = C.p#2
            method s = C.s static
            method c = C.c
            method m = C.m
        `,
      },
      {
        title: 'dataclass fields belong to the instances',
        source: `
          @dataclass(frozen=True)
          class P:
              x: float = 0.0
              y: float = 0.0
        `,
        ir: `
          module:
            class /P = P constant
            local P/x: float constant
            local P/y: float constant
            free builtin/dataclass
            @dataclass(frozen=True) class P = P():
              P::x: float = 0.0
              P::y: float = 0.0
          class P [@dataclass]:
            field x: float
            field y: float
        `,
      },
      {
        title: 'main guard',
        source: `
          def main(): pass
          if __name__ == '__main__':
              main()
        `,
        ir: `
          main guard
          module:
            function /main = main constant
            free builtin/__name__
            def main = main
            if (__name__ == "__main__"):
              main()
          function main():
            pass
        `,
      },
    ]);
  });

  describe('positions', () => {
    /** Names by what their spans cover: both must be the same. */
    const check = (text: string, expected: readonly string[]): void => {
      const module = lower(text);
      const seen: string[] = [];
      for (const { node, text: covered } of nodes(module, text)) {
        if (node.type !== 'name') continue;
        assert.equal(covered.normalize('NFKC'), node.name);
        seen.push(covered);
      }
      assert.deepEqual(seen, expected);
      assert.deepEqual(module.problems, []);
    };
    const source = 'a = "é"; b = c\ndef f(x):\n    return x + yy\n';
    it('plain', () => check(source, ['a', 'c', 'b', 'f', 'x', 'yy']));
    it('CRLF', () => check(source.replace(/\n/g, '\r\n'), ['a', 'c', 'b', 'f', 'x', 'yy']));
    it('tabs', () => check(source.replace(/ {4}/g, '\t'), ['a', 'c', 'b', 'f', 'x', 'yy']));
    it('a byte order mark', () => check(`\ufeff${source}`, ['a', 'c', 'b', 'f', 'x', 'yy']));
    it('characters beyond the basic plane', () => check('s = "😀😀"  # 😀\n𝑥𝑦 = s\n', ['s', 's', '𝑥𝑦']));
    it('line continuations and comments between', () => check('a = (b  # one\n  + \\\n  c)\n', ['b', 'c', 'a']));

    it('a statement spans its text, without its line end', () => {
      const text = 'x = 1  # c\r\nfor i in x:\r\n    y = i\r\n\r\n# end\r\n';
      const covered = [...nodes(lower(text), text)].filter(({ node }) => node.type === 'assign-stmt' || node.type === 'for-each').map((item) => item.text);
      assert.deepEqual(covered, ['x = 1', 'for i in x:\r\n    y = i', 'y = i']);
    });

    it('a function counts from its decorators', () => {
      const text = '\n@d\ndef f(a=b): return a\n';
      const fn = lower(text).functions.get('f')!;
      assert.equal(fn.start, 1);
      assert.equal(fn.text, '@d\ndef f(a=b): return a');
      const [param] = fn.params;
      assert.equal(fn.text!.slice(param!.default!.span.start, param!.default!.span.end), 'b');
    });

    it('comments with their text', () => {
      assert.deepEqual(lower('# one\nx = 1  # two\n').comments, [
        { start: 0, end: 5, text: '# one' },
        { start: 13, end: 18, text: '# two' },
      ]);
    });
  });

  describe('syntax errors', () => {
    const broken = (text: string): string[] => [...lower(text).functions.values()].filter((fn) => fn.broken).map((fn) => fn.id);
    const problems = (text: string): string[] => lower(text).problems.map(({ message, start }) => `${start}: ${message}`);

    it('spoil the function that holds them', () => {
      const text = 'def a():\n    return 1\ndef b():\n    for x y:\n        pass\ndef c():\n    return 2\nclass D:\n    def e(self):\n        return (1\n\n    def f(self):\n        pass\n';
      const spoilt = broken(text);
      assert.ok(spoilt.includes('b'));
      assert.ok(!spoilt.includes('a') && !spoilt.includes('c'));
    });
    it('at the top level leave functions sound', () => {
      assert.deepEqual(broken('x = = 1\ndef f(n):\n    return n\n'), ['']);
    });
    const inBody = ['y = = 3', 'if x', 'for q in', 'x y z', 'def', 'return return', 'else: pass', 'f(a b)', 'import', '@', 'print x', '$', 'while', 'del', "s = 'abc"];
    for (const line of inBody) {
      it(`in the middle of a function spoil it, and not its neighbours: ${line}`, () => {
        const text = `def a():\n    return 1\n\ndef b(xs):\n    for x in xs:\n        out.append(x)\n        ${line}\n        total.append(x)\n    return out\n\ndef c():\n    return 2\n`;
        const module = lower(text);
        assert.equal(module.functions.get('a')!.broken, false);
        assert.equal(module.functions.get('b')!.broken, true);
        assert.notEqual(module.functions.get('c')?.broken, true);
        assert.ok(module.problems.length > 0);
      });
    }
    it('defaults of type parameters are none', () => {
      const text = 'class C[T: int = bool, *Ts = *tuple[int, "]"]](B[T]): pass\ndef f[U = int](x: U): return x\ntype A[V = str] = list[V]\n';
      assert.deepEqual(problems(text), []);
      assert.equal(lower(text).functions.get('f')!.text, 'def f[U = int](x: U): return x');
    });
    it('are told with what is there', () => {
      assert.deepEqual(problems('x = (1, 2\n'), ['0: invalid syntax at "x = (1, 2"']);
      assert.deepEqual(problems('def f(:\n    pass\n'), ['6: missing ")"']);
      assert.deepEqual(problems('print "x"\n'), ['0: the print statement of Python 2 is not read']);
    });
    it('an empty file and a file of nothing but a comment have none', () => {
      assert.deepEqual(problems(''), []);
      assert.deepEqual(problems('# only\n'), []);
    });
  });

  describe('nesting', () => {
    const deep: readonly (readonly [string, string])[] = [
      ['parentheses', `${'('.repeat(10_000)}x${')'.repeat(10_000)}`],
      ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
      ['calls', `x${'()'.repeat(10_000)}`],
      ['sums', `x${' + x'.repeat(10_000)}`],
      ['elif', `if a: pass\n${'elif b: pass\n'.repeat(10_000)}`],
      ['lambdas', `${'lambda: '.repeat(10_000)}1`],
      ['conditionals', `${'a if b else '.repeat(10_000)}c`],
      ['dicts', `${'{1: '.repeat(10_000)}1${'}'.repeat(10_000)}`],
      ['open brackets', '('.repeat(10_000)],
      ['blocks', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}if x:`).join('\n')],
    ];
    for (const [title, text] of deep) {
      it(`10,000 levels of ${title} are a problem, not a crash`, () => {
        const module = lower(text);
        assert.ok(module.problems.length > 0);
        assert.ok(module.functions.get('')!.broken || [...module.functions.values()].some((fn) => fn.broken));
        // And what was made can be walked.
        for (const { node } of nodes(module, text)) assert.ok(node.type);
      });
    }
    it('300 levels are read', () => {
      assert.deepEqual(lower(`${'('.repeat(300)}x${')'.repeat(300)}`).problems, []);
    });
  });
});
