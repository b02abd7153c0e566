/**
 * The task `replay`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["replay", ...Deno.args]));
