package dev.lynceus.tap;

import java.util.ArrayList;
import java.util.List;

/// A place that can be seen or changed: a [Site] of one [Stack]. There is one object for each, so
/// that `==` compares them. Those of the decoder, which most code speaks of, have constants; the
/// tower's are `Point.vision(Site.Z)`.
///
/// A name holds `{l}` where the layer number goes. [PointNames] reads names, shorthand and aliases.
public final class Point {
  private static final Point[][] TABLE = table();
  private static final List<Point> ALL = inOrder();

  public static final Point EMBED = of(Stack.DECODER, Site.EMBED);
  public static final Point POS_EMBED = of(Stack.DECODER, Site.POS_EMBED);
  public static final Point EMBED_MERGED = of(Stack.DECODER, Site.EMBED_MERGED);
  public static final Point TYPE_EMBED = of(Stack.DECODER, Site.TYPE_EMBED);
  public static final Point LN_PRE = of(Stack.DECODER, Site.LN_PRE);
  public static final Point ROTARY_COS = of(Stack.DECODER, Site.ROTARY_COS);
  public static final Point ROTARY_SIN = of(Stack.DECODER, Site.ROTARY_SIN);
  public static final Point LOCAL_COS = of(Stack.DECODER, Site.LOCAL_COS);
  public static final Point LOCAL_SIN = of(Stack.DECODER, Site.LOCAL_SIN);
  public static final Point RESID_PRE = of(Stack.DECODER, Site.RESID_PRE);
  public static final Point ATTN_IN = of(Stack.DECODER, Site.ATTN_IN);
  public static final Point LN1_SCALE = of(Stack.DECODER, Site.LN1_SCALE);
  public static final Point LN1_NORMALIZED = of(Stack.DECODER, Site.LN1_NORMALIZED);
  public static final Point LN1_OUT = of(Stack.DECODER, Site.LN1_OUT);
  public static final Point Q_INPUT = of(Stack.DECODER, Site.Q_INPUT);
  public static final Point K_INPUT = of(Stack.DECODER, Site.K_INPUT);
  public static final Point V_INPUT = of(Stack.DECODER, Site.V_INPUT);
  public static final Point Q_IN = of(Stack.DECODER, Site.Q_IN);
  public static final Point K_IN = of(Stack.DECODER, Site.K_IN);
  public static final Point V_IN = of(Stack.DECODER, Site.V_IN);
  public static final Point Q = of(Stack.DECODER, Site.Q);
  public static final Point K = of(Stack.DECODER, Site.K);
  public static final Point V = of(Stack.DECODER, Site.V);
  public static final Point Q_NORM = of(Stack.DECODER, Site.Q_NORM);
  public static final Point K_NORM = of(Stack.DECODER, Site.K_NORM);
  public static final Point ROT_Q = of(Stack.DECODER, Site.ROT_Q);
  public static final Point ROT_K = of(Stack.DECODER, Site.ROT_K);
  public static final Point ATTN_SCORES = of(Stack.DECODER, Site.ATTN_SCORES);
  public static final Point PATTERN = of(Stack.DECODER, Site.PATTERN);
  public static final Point Z = of(Stack.DECODER, Site.Z);
  public static final Point RESULT = of(Stack.DECODER, Site.RESULT);
  public static final Point LN1_POST_IN = of(Stack.DECODER, Site.LN1_POST_IN);
  public static final Point LN1_POST_SCALE = of(Stack.DECODER, Site.LN1_POST_SCALE);
  public static final Point LN1_POST_NORMALIZED = of(Stack.DECODER, Site.LN1_POST_NORMALIZED);
  public static final Point ATTN_OUT = of(Stack.DECODER, Site.ATTN_OUT);
  public static final Point RESID_MID = of(Stack.DECODER, Site.RESID_MID);
  public static final Point CROSS_PATTERN = of(Stack.DECODER, Site.CROSS_PATTERN);
  public static final Point CROSS_SCORES = of(Stack.DECODER, Site.CROSS_SCORES);
  public static final Point CROSS_OUT = of(Stack.DECODER, Site.CROSS_OUT);
  public static final Point RESID_CROSS = of(Stack.DECODER, Site.RESID_CROSS);
  public static final Point MLP_IN = of(Stack.DECODER, Site.MLP_IN);
  public static final Point LN2_SCALE = of(Stack.DECODER, Site.LN2_SCALE);
  public static final Point LN2_NORMALIZED = of(Stack.DECODER, Site.LN2_NORMALIZED);
  public static final Point LN2_OUT = of(Stack.DECODER, Site.LN2_OUT);
  public static final Point MLP_PRE = of(Stack.DECODER, Site.MLP_PRE);
  public static final Point MLP_GATE = of(Stack.DECODER, Site.MLP_GATE);
  public static final Point MLP_PRE_LINEAR = of(Stack.DECODER, Site.MLP_PRE_LINEAR);
  public static final Point MLP_POST = of(Stack.DECODER, Site.MLP_POST);
  public static final Point LN2_POST_IN = of(Stack.DECODER, Site.LN2_POST_IN);
  public static final Point LN2_POST_SCALE = of(Stack.DECODER, Site.LN2_POST_SCALE);
  public static final Point LN2_POST_NORMALIZED = of(Stack.DECODER, Site.LN2_POST_NORMALIZED);
  public static final Point MLP_OUT = of(Stack.DECODER, Site.MLP_OUT);
  public static final Point ADDED = of(Stack.DECODER, Site.ADDED);
  public static final Point RESID_POST = of(Stack.DECODER, Site.RESID_POST);
  public static final Point LN_FINAL_SCALE = of(Stack.DECODER, Site.LN_FINAL_SCALE);
  public static final Point LN_FINAL_NORMALIZED = of(Stack.DECODER, Site.LN_FINAL_NORMALIZED);
  public static final Point LN_FINAL_OUT = of(Stack.DECODER, Site.LN_FINAL_OUT);
  public static final Point LOGITS = of(Stack.DECODER, Site.LOGITS);
  public static final Point PROJECTOR_PRE = of(Stack.PROJECTOR, Site.PRE);
  public static final Point PROJECTOR_POST = of(Stack.PROJECTOR, Site.POST);
  public static final Point PROJECTOR_OUT = of(Stack.PROJECTOR, Site.OUT);
  public static final Point PROJECTOR_PACKED = of(Stack.PROJECTOR, Site.PACKED);

  private final Stack stack;
  private final Site site;
  private final int index;
  private final String template;

  private Point(Stack stack, Site site, int index) {
    this.stack = stack;
    this.site = site;
    this.index = index;
    this.template = stack.prefix() + site.template();
  }

  private static Point[][] table() {
    Point[][] table = new Point[Stack.values().length][Site.values().length];
    int index = 0;
    for (Stack stack : Stack.values()) {
      for (Site site : Site.of(stack)) {
        table[stack.ordinal()][site.ordinal()] = new Point(stack, site, index++);
      }
    }
    return table;
  }

  private static List<Point> inOrder() {
    List<Point> all = new ArrayList<>();
    for (Stack stack : Stack.values()) {
      Site.of(stack).forEach(site -> all.add(of(stack, site)));
    }
    return List.copyOf(all);
  }

  /// The place of a site in a stack.
  ///
  /// @throws IllegalArgumentException if no model has that site in that stack
  public static Point of(Stack stack, Site site) {
    Point point = TABLE[stack.ordinal()][site.ordinal()];
    if (point == null) {
      throw new IllegalArgumentException("no " + site + " in a " + stack);
    }
    return point;
  }

  /// The place of a site in the vision tower.
  public static Point vision(Site site) {
    return of(Stack.VISION, site);
  }

  /// All places that some model has, stack by stack.
  public static List<Point> all() {
    return ALL;
  }

  /// The stack that it belongs to.
  public Stack stack() {
    return stack;
  }

  /// What it is in its stack.
  public Site site() {
    return site;
  }

  /// Its number in [#all()].
  int index() {
    return index;
  }

  /// Name with `{l}` in place of the layer.
  public String template() {
    return template;
  }

  /// Name at a layer; the layer is ignored by points that exist once.
  public String name(int layer) {
    return template.replace("{l}", Integer.toString(layer));
  }

  /// Whether this point exists once per layer.
  public boolean perLayer() {
    return site.phase() == Site.Phase.LAYER;
  }

  /// Whether it comes after the last layer of the decoder.
  public boolean afterLayers() {
    return stack == Stack.DECODER && site.phase() == Site.Phase.AFTER;
  }

  /// Whether it is part of what is embedded: of a tower, a projector, or the embeddings of words
  /// and positions. A pass that begins with what enters the first layer does not come by it.
  public boolean embeds() {
    return switch (site) {
      case EMBED, POS_EMBED, TYPE_EMBED, LN_PRE -> true;
      default -> stack != Stack.DECODER;
    };
  }

  /// Whether it is a table by which queries and keys are rotated.
  public boolean rotates() {
    return switch (site) {
      case ROTARY_COS, ROTARY_SIN, LOCAL_COS, LOCAL_SIN -> true;
      default -> false;
    };
  }

  /// What it costs to see it.
  public Site.Cost cost() {
    return site.cost();
  }

  /// Whether interventions may change it.
  public boolean writable() {
    return site.writable();
  }

  /// What it is, in a few words.
  public String meaning() {
    return site.meaning();
  }

  /// Its dimensions, in order.
  public List<Axis> axes() {
    return site.axes();
  }

  /// Index of a dimension, -1 if the point does not have it.
  public int axis(Axis axis) {
    return site.axes().indexOf(axis);
  }

  /// Index of the head dimension (of query or of key heads), -1 if there is none.
  public int headAxis() {
    return Math.max(axis(Axis.HEAD), axis(Axis.KEY_HEAD));
  }

  /// Index of the dimension of what an attention looks at, -1 if there is none.
  public int columnAxis() {
    return isAttention() ? axes().size() - 1 : -1;
  }

  /// Whether it is a score or a probability of attention.
  private boolean isAttention() {
    return site.isScore() || site.isPattern();
  }

  /// Its shape in symbols, for example `[batch, pos, d_model]`.
  public String shape() {
    return "[" + String.join(", ", axes().stream().map(Axis::symbol).toList()) + "]";
  }

  @Override
  public String toString() {
    return template;
  }
}
