/**
 * The task `doctor`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["doctor", ...Deno.args]));
