// node call.js NODE_MODULES ENDPOINT OPERATION INPUT: one call with the AWS SDK for JavaScript, its output as JSON.
const [modules, endpoint, operation, input] = process.argv.slice(2);
const sdk = require(modules + "/@aws-sdk/client-route-53");
const client = new sdk.Route53Client({ endpoint, region: "us-east-1", maxAttempts: 1 });

client.send(new sdk[operation + "Command"](JSON.parse(input))).then(
  (output) => console.log(JSON.stringify(output)),
  (error) => {
    console.error(String(error));
    process.exitCode = 1;
  }
);
