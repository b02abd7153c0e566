/**
 * The task `convert`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["convert", ...Deno.args]));
