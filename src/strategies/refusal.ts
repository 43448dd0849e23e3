/** Thrown while a rewrite is planned, when the loop cannot be rewritten so that its meaning stays. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** @param why names the variable and the line. @param remedy a change of the person's code that would make it fit. */
  constructor(
    readonly why: string,
    readonly remedy?: string,
  ) {
    super(why);
  }
}
