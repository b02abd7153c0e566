/**
 * Everything of Troodon under one name, with a default device.
 *
 * @module
 */

export {};
