/** Errors whose message is made better on their way. */

/** Gives an error another message, also in its stack, which is what is printed of an error that nobody catches. */
export function reword<E extends Error>(error: E, message: string): E {
  // Made when it is read first, of the message of that moment.
  const { stack, message: old } = error;
  if (old === message) return error;
  error.message = message;
  if (stack !== undefined) error.stack = stack.replace(old, () => message);
  return error;
}
