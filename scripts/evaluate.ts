/**
 * The task `evaluate`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["evaluate", ...Deno.args]));
