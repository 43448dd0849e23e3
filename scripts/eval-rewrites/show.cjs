/** Prints values so that two runs can be compared: by value and by class, −0, NaN and holes told apart. */
const { inspect } = require('node:util');

exports.show = function show(value) {
  if (value && typeof value === 'object' && typeof value.next === 'function') value = [...value];
  const shown = value instanceof Error ? [value.constructor.name, value.message] : value;
  console.log(inspect(shown, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: Infinity }));
};
