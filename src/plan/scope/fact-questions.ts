import { wantedSubsets } from "../../modules/system/setup.ts";
import { hostPath } from "../../modules/shared/files/ownership.ts";
import { askBasics, isBasic } from "../../probes/system/basic-facts.ts";
import { askFacts, type Facts } from "../../probes/system/facts.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Play } from "../../playbook/play.ts";
import type { Variables } from "../model/variables.ts";

/** Facts of hardware, network and virtualization, which take more processes on the host. */
const COSTLY_FACTS =
  /^ansible_(facts$|default_ipv|all_ipv|interfaces|mem|swap|processor|mounts|devices|virtualization|product_|system_vendor|bios_|board_|chassis_|form_factor|memory_mb|uptime)/;

// The questions that may answer a fact, cheapest first; none asks for more than the
// play's gather_subset wants.
export function questionsFor(
  name: string,
  play: Play,
  variables: Variables,
): readonly Probe<Facts>[] {
  if (isBasic(name)) return [askBasics()];
  const [subset, path] = [play.keywords.get("gather_subset"), play.keywords.get("fact_path")];
  const folder = path && hostPath(String(variables.render(path)));
  const all = askFacts(
    subset
      ? wantedSubsets(
          [variables.render(subset)]
            .flat()
            .flatMap((words) => String(words).split(","))
            .map((word) => word.trim()),
        )
      : undefined,
    folder,
  );
  return COSTLY_FACTS.test(name) ? [all] : [askFacts([], folder), all];
}
