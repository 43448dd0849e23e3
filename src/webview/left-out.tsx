/** Strategies that were not measured: they do not fit the loop, or cannot run on this machine. */
import type { LeftOut } from '../measure/types';

export function LeftOutTable({ list }: { readonly list: readonly LeftOut[] }) {
  if (list.length === 0) return null;
  return (
    <section aria-labelledby="left-out">
      <h2 id="left-out">Not compared</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Strategies that were not compared">
        <table>
          <thead>
            <tr>
              <th scope="col">Strategy</th>
              <th scope="col">Why</th>
              <th scope="col">To make it run</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ strategy, why, install }) => (
              <tr key={strategy}>
                <th scope="row">
                  <code>{strategy}</code>
                </th>
                <td>{why}</td>
                <td>{install && <code>{install}</code>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
