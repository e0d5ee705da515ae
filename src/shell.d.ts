/** Shell in a file of its own, built in as text. */
declare module "*.sh?raw" {
  const text: string;
  // eslint-disable-next-line no-restricted-syntax -- Vite has it so
  export default text;
}

/** The one program in Python, which Ansible runs. */
declare module "*.py?raw" {
  const text: string;
  // eslint-disable-next-line no-restricted-syntax -- Vite has it so
  export default text;
}
