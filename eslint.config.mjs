import tseslint from "typescript-eslint";

/** `...(x === undefined ? {} : { x })`: `...defined({ x })` of src/defined.ts says the same. */
const CONDITIONAL_SPREAD = {
  selector: "SpreadElement > ConditionalExpression > ObjectExpression[properties.length=0]",
  message:
    "Write ...defined({ key: value }), which leaves out what is undefined, or ...(condition && {...}).",
};

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "coverage/"] },
  {
    files: ["src/**/*.ts", "test/**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      eqeqeq: "error",
      "no-nested-ternary": "error",
      "no-restricted-syntax": [
        "error",
        CONDITIONAL_SPREAD,
        "TSEnumDeclaration",
        "ExportDefaultDeclaration",
      ],
      "prefer-const": "error",
    },
  },
);
