/**
 * The task `predict`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["predict", ...Deno.args]));
