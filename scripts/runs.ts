/**
 * The task `runs`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["runs", ...Deno.args]));
