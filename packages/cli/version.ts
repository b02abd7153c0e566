/** Version of this package, that of its `deno.json`. */
export const VERSION = "0.1.0";
