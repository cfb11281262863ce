package dev.lynceus.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// The commands of [FamilyTable], as they are run. Words in capitals stand for what a family takes:
/// `ASKED` for a question, with a picture where it sees.
final class FamilyLines {
  /// Lines by the words that the page names them with.
  static final Map<String, String> LINES = lines();

  private static Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("ask", "ask --max-tokens=3 ASKED");
    lines.put("explain", "explain --next-token --output=OUT.html --force ASKED");
    lines.put("attention", "attention --max-tokens=2 ASKED");
    lines.put("lens", "lens --json ASKED");
    lines.put("words", "words --json ASKED");
    lines.put(
        "tune-lens", "tune-lens TUNED --steps=1 --held-out=2 --output=OUT.safetensors --force");
    lines.put("probe", "probe --dataset=PROBED --label=kind --folds=2 --draws=1 --next-token");
    lines.put("looks", "looks --json ASKED");
    lines.put("heads", "heads --sequences=1 --texts=1 MODEL");
    lines.put("seeing", "seeing --dataset=SEENROWS --blankings=8 --heads=2 --dry-run");
    lines.put("relevancy", "relevancy --max-tokens=2 ASKED");
    lines.put("match", "match --draws=2 --output=OUT.html --force --text=car PICTURE");
    lines.put("reconstruct", "reconstruct --masks=1 --output=OUT.html --force PICTURE");
    lines.put("read", "read --output=OUT.html --force PASSAGED");
    lines.put("read --masked", "read --masked --output=OUT.html --force MASKED");
    lines.put("trace", "trace CORRUPT --positions=last --next-token ASKED");
    lines.put("patch", "patch --other=OTHER --positions=last --next-token SEEN");
    lines.put("attribute", "attribute CORRUPT --retest=1 --sample=1 --next-token ASKED");
    lines.put("paths", "paths CORRUPT --next-token ASKED");
    lines.put("neurons", "neurons --without=1.0 --next-token ASKED");
    lines.put("knockout", "knockout --next-token ASKED");
    lines.put("occlude", "occlude --group=4 --next-token ASKED");
    lines.put("region", "region --box=20,20,60,60 --draws=1 --controls=2 --next-token ASKED");
    lines.put("ablate", "ablate --site=attention --next-token ASKED");
    lines.put("silence", "silence --head=1.0 --draws=1 --max-tokens=2 --next-token ASKED");
    lines.put(
        "steer --words",
        "steer --words=a,b --strengths=1 --randoms=1 --max-tokens=2 --next-token ASKED");
    lines.put(
        "steer --with",
        "steer --with=SEENROWS --without=OTHERROWS --strengths=1 --randoms=1 --max-tokens=2"
            + " --next-token ASKED");
    lines.put("queries", "queries --draws=2 NEXT --output=OUT.html --force SEEN");
    lines.put("zones", "zones --heads-of=1 ZONED --output=OUT.html --force");
    lines.put(
        "mark",
        "mark --box=20,20,60,60 --operator=box --controls=1 --answer=a --output=OUT.html --force SEEN");
    lines.put("causes", "causes --head=1.0 --trials=2 --start=a --max-tokens=2 ASKED");
    lines.put("evidence", "evidence --answer=a --output=OUT.html --force ASKED");
    lines.put(
        "compare",
        "compare --methods=occlusion,rise,random --noises=0 --next-token --output=OUT.html --force ASKED");
    lines.put(
        "vote",
        "vote TERSE --samples=2 --max-tokens=3 --candidates=brown,red --output=OUT.html --force ASKED");
    lines.put(
        "describe",
        "describe TERSE --max-tokens=3 --candidates=brown,red --output=OUT.html --force SEEN");
    lines.put(
        "think",
        "think TERSE --planning=rules --box=20,20,60,60 --controls=1 --max-tokens=3 --candidates=brown,red"
            + " --output=OUT.html --force SEEN");
    lines.put(
        "edit",
        "edit --subject=car --to=red --layer=0 --steps=2 --randoms=1 --next-token --output=OUT.html"
            + " --force ASKED");
    lines.put(
        "tune-sae",
        "tune-sae STATES --held-out=2 --steps=2 --features=8 --top-k=2"
            + " --output=OUT.sae.safetensors --force");
    lines.put(
        "features",
        "features PLACES --sae=OUT.sae.safetensors --top=2 --randoms=1 --next-token --output=OUT.html"
            + " --force ASKED");
    lines.put("hallucinate", "hallucinate --judged=0 YESNOROWS");
    lines.put(
        "literacy",
        "literacy TERSE --charts=stacked-bar-100 --each=1 --orders=1 --maps=0 --no-controls --side=100"
            + " --output=OUT.html --force");
    lines.put("lab run answer", "lab run answer --set=tokens=2 --limit=2 --store=OUT.store ROWS");
    lines.put("lab run choose", "lab run choose --limit=2 --store=OUT.store ROWS");
    lines.put("lab run heads", "lab run heads --limit=2 --store=OUT.store ROWS");
    lines.put("lab run maps", "lab run maps --limit=2 --store=OUT.store ROWS");
    lines.put("lab run evidence", "lab run evidence --limit=2 --store=OUT.store ROWS");
    return lines;
  }

  private FamilyLines() {}
}
