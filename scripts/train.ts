/**
 * The task `train`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["train", ...Deno.args]));
