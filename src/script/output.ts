/** What a step printed. */
export interface StepOutput {
  code: number;
  stdout: string;
  stderr: string;
}
