package dev.lynceus.method;

/// The words of Lynceus: one name for each thing, with its unit and what it means. Terminal, pages,
/// notes and documents use these names; the glossary explains each of them.
public enum Term {
  /// A rectangle of pixels.
  PATCH(
      "patch",
      "",
      "One of the rectangles that a picture is cut into; said by its place, as row 3, column 7,"
          + " counted from 0 at the upper left."),
  /// What the decoder reads of a patch.
  VISUAL_TOKEN(
      "visual token", "", "The vector that stands for a patch in the sequence that is read."),
  /// An index of the sequence.
  POSITION("position", "", "A place in the sequence of prompt and answer, counted from 0."),
  /// A part of the sequence.
  ZONE(
      "zone",
      "",
      "A part of the sequence: image, question, answer, or template, which is what the chat format"
          + " adds."),
  /// One step of the decoder.
  LAYER("layer", "", "One step of the decoder, attention and feed-forward network; from 0."),
  /// A place between layers.
  DEPTH(
      "depth",
      "",
      "How many layers a state has passed: the embedding, then after layer 0, after layer 1, and"
          + " so on."),
  /// One part of the attention of a layer.
  HEAD("head", "", "One part of a layer's attention; head 1.2 is number 2 of layer 1."),
  /// One number inside a feed-forward network.
  NEURON(
      "neuron", "", "One number inside a layer's feed-forward network; 1.280 is 280 of layer 1."),
  /// How likely a word is.
  PROBABILITY("probability", "%", "How likely the model held a word, in percent."),
  /// Its natural logarithm.
  LOG_PROBABILITY(
      "log probability", "nats", "The natural logarithm of the probability; 0 is certain."),
  /// The unit.
  NATS(
      "nats",
      "nats",
      "The unit of log probabilities and their differences; 0.1 nats less is a tenth less likely,"
          + " 0.7 nats half as likely."),
  /// What a part adds.
  LOG_INCREASE(
      "log increase",
      "nats",
      "How much a part, alone, raises the log probability of the word that is explained."),
  /// What hiding costs.
  EFFECT(
      "effect",
      "nats",
      "How much log probability a word loses where no position may look at the picture."),
  /// What came from the picture.
  IMAGE_SHARE(
      "image share",
      "%",
      "Part of what raised a word that came through the picture's positions, first order."),
  /// Where a head reads.
  ATTENTION("attention", "%", "Share of a head's reading that goes to a position."),
  /// A number for each patch.
  MAP("map", "", "One number for each patch of a picture, for one word."),
  /// What is looked at first.
  SEEING_HEADS(
      "seeing heads", "", "The few heads through which a model sees; their map is shown first."),
  /// The best of a map.
  STRONGEST_PATCH("strongest patch", "", "The patch with the largest value in the map shown."),
  /// What is too small to be drawn.
  FLOOR(
      "floor",
      "",
      "The size below which nothing is drawn: what is next to nothing shall look like nothing."),
  /// What a result says.
  CONCLUSION("conclusion", "", "What a result shows, in a sentence or two that its numbers carry."),
  /// Whether a corruption did anything.
  TOTAL_EFFECT(
      "total effect",
      "",
      "What a corruption takes from the probability: the gate that says whether there is anything"
          + " to give back."),
  /// Taking patches away.
  DELETION(
      "deletion",
      "",
      "Mean probability of the word while patches are taken away in the order of a map; small is"
          + " good."),
  /// Giving patches back.
  INSERTION(
      "insertion",
      "",
      "Mean probability of the word while patches are given back in the order of a map; large is"
          + " good."),
  /// What is missing in a sum.
  GAP(
      "gap",
      "",
      "Of methods whose values should add up to the log probability: how far they are from it,"
          + " relative to it."),
  /// A method that knows nothing.
  BASELINE(
      "baseline",
      "",
      "A map that knows nothing of the model, random or the middle of the picture; what is no"
          + " better tells nothing."),
  /// What a word loses.
  NECESSITY(
      "necessity",
      "nats",
      "What a word loses when a region is hidden: whether it needs the region."),
  /// What is left of it.
  SUFFICIENCY(
      "sufficiency",
      "%",
      "What is left of a word when all but a region is hidden: whether the region is enough."),
  /// Sight that is taken away.
  KNOCKOUT(
      "knockout",
      "nats",
      "Some positions may not look at others in a few layers; what the word loses came along"
          + " there."),
  /// What chance would give.
  CONTROL(
      "control",
      "",
      "The same done to random heads, looks, or places: what counts must do more than these."),
  /// Reading a state early.
  LENS("lens", "%", "The word that a state would say if the model stopped at its layer."),
  /// Putting a state back.
  TRACE(
      "trace",
      "",
      "The picture is corrupted and one state is put back; what brings the word back carries"
          + " it."),
  /// A resting place.
  SINK("attention sink", "", "A position that heads look at when they have nothing to look for."),
  /// What a word rests on.
  VERDICT(
      "verdict",
      "",
      "What a word of the answer rests on: the picture, the text, or nothing that is there.");

  private final String text;
  private final String unit;
  private final String meaning;

  Term(String text, String unit, String meaning) {
    this.text = text;
    this.unit = unit;
    this.meaning = meaning;
  }

  /// The name.
  public String text() {
    return text;
  }

  /// The unit of its numbers; empty where there is none.
  public String unit() {
    return unit;
  }

  /// What it is, in a sentence.
  public String meaning() {
    return meaning;
  }
}
