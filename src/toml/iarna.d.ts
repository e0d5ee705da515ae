/**
 * The parser class of @iarna/toml: a state machine, which `parse.ts` corrects. The package
 * declares no types for it.
 */
declare module "@iarna/toml/lib/toml-parser.js" {
  type State = (this: TOMLParser, returned: unknown) => unknown;

  class TOMLParser {
    parse(text: string): void;
    finish(): unknown;
    parseKeyword: State;
    callNow(state: State, then?: State): unknown;
    returnNow(value?: unknown): unknown;
    error(error: Error): Error;
  }

  export { TOMLParser as default };
}
