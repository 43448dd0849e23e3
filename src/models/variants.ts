/** Picks what a model says about one call. */
import type { Argument, Expr } from '../ir/ir';
import type { FunctionModel, Variant } from './types';

/** The model that holds for a call with these arguments: the first variant that fits, else the model itself. */
export function variantOf(model: FunctionModel, args: readonly Argument[]): FunctionModel {
  return model.variants?.find((variant) => fits(variant, args))?.model ?? model;
}

function fits(variant: Variant, args: readonly Argument[]): boolean {
  if (args.some((arg) => arg.spread)) return false;
  const positional = args.filter((arg) => arg.name === undefined);
  if (variant.count !== undefined && positional.length !== variant.count) return false;
  if (variant.plain && positional.length !== args.length) return false;
  if (!variant.argument) return true;
  const { at, name } = variant.argument;
  const value = positional[at]?.value ?? (name === undefined ? undefined : args.find((arg) => arg.name === name)?.value);
  if (!value) return variant.absent === true;
  if (variant.matches !== undefined) return isString(value) && new RegExp(`^(?:${variant.matches})$`).test(value.value);
  return variant.literal === true && isLiteral(value);
}

function isString(value: Expr): value is Expr & { readonly value: string } {
  return value.type === 'const' && value.kind === 'string';
}

function isLiteral(value: Expr): boolean {
  return value.type === 'const' || (value.type === 'unary' && value.operand.type === 'const');
}
