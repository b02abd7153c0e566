/**
 * Steps of kernel calls that are captured once and run many times.
 *
 * @module
 */
export { ProgramLoop } from "./program_loop.ts";
