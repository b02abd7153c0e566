/** Arguments of modules that are numbers. */
import { showArgument } from "@troodon/core/kernel";

/**
 * Refuses arguments that are no numbers, as options in their place are.
 *
 * @param name The class.
 * @param given The arguments by name.
 * @throws {TypeError} If one is no number.
 */
export function checkNumbers(name: string, given: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== "number") throw refusal(name, key, value, "a number");
  }
}

/**
 * Throws for arguments that are not valid sizes of features, channels or axes.
 *
 * @param name Name of the class.
 * @param given The arguments by name.
 * @throws {TypeError} If an argument is not a number.
 * @throws {RangeError} If an argument is negative or not an integer.
 */
export function checkExtents(name: string, given: Readonly<Record<string, unknown>>): void {
  checkNumbers(name, given);
  for (const [key, value] of Object.entries(given)) {
    if (Number.isInteger(value) && Number(value) >= 0) continue;
    throw new RangeError(
      `Cannot make ${name} as ${key} must be a whole number from 0: current ${key} is ${showArgument(value)}`,
    );
  }
}

/**
 * Refuses arguments that are neither a number nor a list, one for each axis.
 *
 * @param name The class.
 * @param given The arguments by name.
 * @throws {TypeError} If one is neither.
 */
export function checkSizes(name: string, given: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== "number" && !Array.isArray(value)) {
      throw refusal(name, key, value, "a number or one for each axis");
    }
  }
}

function refusal(name: string, key: string, value: unknown, wanted: string): TypeError {
  const named = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  const advice = named === undefined ? "" : `, write ${showArgument(named)}`;
  return new TypeError(
    `Cannot make ${name} as ${key} must be ${wanted}: current ${key} is ${showArgument(value)}${advice}`,
  );
}
