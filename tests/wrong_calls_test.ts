/** Every export rejects invalid arguments with an error message of its own. */
import { assert, assertEquals } from "@std/assert";
import * as autograd from "@troodon/autograd";
import * as core from "@troodon/core";
import * as nn from "@troodon/nn";
import * as optim from "@troodon/optim";
import * as profile from "@troodon/profile";
import { type Trial, wrongCalls } from "./wrong_calls.ts";

core.setDefaultDevice(new core.Device(new core.ReferenceBackend(), { tape: autograd.tape }));

/** Methods that receive a key from JSON.stringify(), or a hint from JavaScript operators. */
const OF_THE_ENGINE = /\.toJSON$|\[Symbol/;

/** Functions for authors of ops. */
const OF_AUTHORS = ["Tensor.emptyOn", "Tensor.fresh"];

/** Functions that every op calls, where checks of the arguments would be too slow. */
const IN_EVERY_OP = ["broadcastShapes", "defaultDevice", "isFloating", "promote", "tidySync"];

const FUNCTIONS: Trial = {
  receiver: ({ path }) =>
    /^(?:Readable|Differentiable)?Tensor$/.test(path.at(-1)!) ? core.tensor([[1, 2], [3, 4]]) : null,
  skip: ({ name, kind }) =>
    kind === "new" || kind === "static" || OF_THE_ENGINE.test(name) || OF_AUTHORS.includes(name) ||
    IN_EVERY_OP.includes(name),
};

const PACKAGES = [
  ["core/mod.ts", core, 25_000],
  ["autograd/mod.ts", autograd, 700],
  ["nn/mod.ts", nn, 700],
  ["optim/mod.ts", optim, 50],
  ["profile/mod.ts", profile, 5],
] as const;

for (const [entry, root, least] of PACKAGES) {
  Deno.test(`${entry} has no function that takes a wrong argument, or fails in words of the engine`, async () => {
    const { tried, faults } = await wrongCalls(`packages/${entry}`, root, FUNCTIONS);
    assertEquals(faults.map(({ call, fault }) => `${call}: ${fault}`), []);
    assert(tried >= least, `${tried} calls were tried`);
  });
}
