/** Shell in a file of its own, built in as text. */
declare module "*.sh?raw" {
  const text: string;
  export default text;
}
