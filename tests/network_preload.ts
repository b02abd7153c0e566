/** Loaded before a program: prints whether it may use the network when it begins and when it ends. */
const print = (when: string): void =>
  console.log(`network ${when}: ${Deno.permissions.querySync({ name: "net", host: "example.com" }).state}`);

print("at first");
addEventListener("unload", () => print("at last"));
