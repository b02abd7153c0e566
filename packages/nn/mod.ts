/**
 * Modules, layers, losses, initialisers and state dictionaries.
 *
 * @module
 */

export {};
