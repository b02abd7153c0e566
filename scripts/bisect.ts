/**
 * The task `bisect`: see `packages/cli`.
 *
 * @module
 */

import { main } from "@troodon/cli";

Deno.exit(await main(["bisect", ...Deno.args]));
