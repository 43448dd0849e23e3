/** Why a loop is no kernel. */
import { Refusal } from '../../refusal';

export class KernelRefusal extends Refusal {
  /**
   * @param reason without the line, as in ``the text `name` is used``
   * @param line 1-based, in the file of the loop
   */
  constructor(
    readonly reason: string,
    readonly line: number,
    remedy?: string,
  ) {
    super(`${reason} on line ${line}`, remedy);
  }
}
