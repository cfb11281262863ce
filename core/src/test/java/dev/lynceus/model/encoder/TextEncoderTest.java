package dev.lynceus.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.blip.BlipEncoder;
import dev.lynceus.model.config.Config;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The text encoder of BLIP against the reference, stage by stage: the question of a model that
/// answers, and a text that is matched with a picture, read beside it and alone. And what holds of
/// any: what it reads has no order, and what fills up shorter texts is not read.
class TextEncoderTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  /// An encoder and its reference values.
  private record Golden(Checkpoint checkpoint, Safetensors expected, TextEncoder encoder)
      implements AutoCloseable {
    static Golden of(String family) {
      Checkpoint checkpoint = Checkpoint.open(GOLDENS.resolve(family).resolve("hub"));
      Config config = new Config(checkpoint.config(), "config.json");
      TextEncoderConfig sizes =
          BlipEncoder.read(
              config.at("text_config"), config.at("vision_config").size("hidden_size", 0));
      return new Golden(
          checkpoint,
          Safetensors.open(GOLDENS.resolve(family).resolve("expected.safetensors")),
          new TextEncoder(
              sizes, TextEncoderWeights.read(sizes, Weights.of(checkpoint).at("text_encoder"))));
    }

    Tensor value(String name) {
      return expected.tensor(name);
    }

    /// The words of a text of the reference.
    TokenMap words(String name) {
      List<TokenMap.Spot> spots = new ArrayList<>();
      for (long id : value(name).toLongs()) {
        spots.add(new TokenMap.Spot((int) id, TokenMap.Role.QUESTION, spots.size(), -1));
      }
      return new TokenMap(spots, List.of());
    }

    Tensor memory() {
      return value("vision.last_hidden_state");
    }

    int layers() {
      return encoder.config().shape().layers();
    }

    @Override
    public void close() {
      expected.close();
      checkpoint.close();
    }
  }

  private static Point at(Site site) {
    return Point.of(Stack.ENCODER, site);
  }

  private static Tap looking(Site... sites) {
    return Tap.of(
        Capture.of(
            Arrays.stream(sites)
                .map(site -> Capture.request(at(site)))
                .toArray(Capture.Request[]::new)),
        List.of(),
        Labels.NONE);
  }

  private static void same(Tensor actual, Tensor expected, String what) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    double largest = expected.abs().max().item();
    assertThat(actual.sub(expected).abs().max().item() / largest).as(what).isLessThan(1e-5);
  }

  private static double distance(Tensor a, Tensor b) {
    return a.sub(b).abs().max().item();
  }

  @ParameterizedTest
  @CsvSource({"blip-vqa,input_ids,question", "blip-itm,text.0.input_ids,itm"})
  void readsThePicture(String family, String ids, String prefix) {
    try (Golden golden = Golden.of(family);
        Scope scope = Scope.open()) {
      Tap tap = looking(Site.RESID_PRE, Site.PATTERN, Site.CROSS_PATTERN);
      Tensor left = golden.encoder.reading(List.of(golden.words(ids)), golden.memory(), tap);
      try (Captured seen = tap.finish()) {
        for (int l = 0; l < golden.layers(); l++) {
          same(
              seen.get(at(Site.RESID_PRE), l),
              golden.value(prefix + ".hidden_states." + l),
              "hidden state " + l);
          same(
              seen.get(at(Site.PATTERN), l),
              golden.value(prefix + ".attentions." + l),
              "attention " + l);
          same(
              seen.get(at(Site.CROSS_PATTERN), l),
              golden.value(prefix + ".cross_attentions." + l),
              "cross-attention " + l);
        }
      }
      same(left, golden.value(prefix + ".hidden_states." + golden.layers()), "what leaves it");
    }
  }

  @Test
  void readsNothingButTheText() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      Tap tap = looking(Site.RESID_PRE, Site.PATTERN);
      Tensor left =
          golden.encoder.forward(List.of(golden.words("text.0.input_ids")), DType.FLOAT32, tap);
      try (Captured seen = tap.finish()) {
        for (int l = 0; l < golden.layers(); l++) {
          same(
              seen.get(at(Site.RESID_PRE), l),
              golden.value("itc.hidden_states." + l),
              "hidden state " + l);
          same(
              seen.get(at(Site.PATTERN), l), golden.value("itc.attentions." + l), "attention " + l);
        }
      }
      same(left, golden.value("itc.hidden_states." + golden.layers()), "what leaves it");
    }
  }

  /// A wrong reading is not within the tolerance.
  @Test
  void wrongReadingsDiffer() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      List<TokenMap> words = List.of(golden.words("text.0.input_ids"));
      Tensor right = golden.value("itm.hidden_states." + golden.layers());
      Tensor alone = golden.encoder.forward(words, DType.FLOAT32, Tap.idle());
      assertThat(distance(right, alone)).isGreaterThan(1e-2);
      Tap unplaced =
          Tap.of(
              Capture.NONE,
              List.of(Intervention.at(at(Site.POS_EMBED), 0, new Op.Zero())),
              Labels.NONE);
      assertThat(distance(right, golden.encoder.reading(words, golden.memory(), unplaced)))
          .isGreaterThan(1e-2);
      TextEncoderConfig sizes = golden.encoder.config();
      TextEncoderConfig coarse =
          new TextEncoderConfig(
              sizes.shape(),
              sizes.memory(),
              sizes.vocabulary(),
              sizes.positions(),
              sizes.activation(),
              1e-2);
      TextEncoder other =
          new TextEncoder(
              coarse,
              TextEncoderWeights.read(coarse, Weights.of(golden.checkpoint).at("text_encoder")));
      assertThat(distance(right, other.reading(words, golden.memory(), Tap.idle())))
          .isGreaterThan(1e-3);
    }
  }

  @Test
  void whatItReadsHasNoOrderAndItsWordsHaveOne() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      TokenMap words = golden.words("text.0.input_ids");
      Tensor plain = golden.encoder.reading(List.of(words), golden.memory(), Tap.idle());
      int[] turned = new int[10];
      Arrays.setAll(turned, i -> (i * 3 + 4) % 10);
      Tensor memory = golden.memory().indexSelect(1, Tensor.indices(turned));
      assertThat(distance(plain, golden.encoder.reading(List.of(words), memory, Tap.idle())))
          .isLessThan(1e-5);
      TokenMap other = new TokenMap(words.spots().reversed(), List.of());
      assertThat(
              distance(plain, golden.encoder.reading(List.of(other), golden.memory(), Tap.idle())))
          .isGreaterThan(1e-2);
    }
  }

  @Test
  void whatFillsUpShorterTextsIsNotRead() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      TokenMap brief = golden.words("text.0.input_ids");
      TokenMap longer = golden.words("text.2.input_ids");
      Tensor memory = golden.memory();
      Tensor both =
          golden.encoder.reading(
              List.of(brief, longer), Torch.cat(List.of(memory, memory), 0), Tap.idle());
      Tensor alone = golden.encoder.reading(List.of(brief), memory, Tap.idle());
      assertThat(distance(both.narrow(0, 0, 1).narrow(1, 0, brief.length()), alone))
          .isLessThan(1e-5);
      Tensor second = golden.encoder.reading(List.of(longer), memory, Tap.idle());
      assertThat(distance(both.narrow(0, 1, 1), second)).isLessThan(1e-5);
      Tensor texts = golden.encoder.forward(List.of(brief, longer), DType.FLOAT32, Tap.idle());
      same(
          texts.narrow(0, 0, 1).narrow(1, 0, brief.length()),
          golden.value("itc.hidden_states." + golden.layers()),
          "the shorter of two texts");
    }
  }

  /// Every place fires where it should, and an edit of nothing changes nothing.
  @Test
  void everyPlaceFires() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      List<TokenMap> words = List.of(golden.words("text.0.input_ids"));
      Tensor plain = golden.encoder.reading(words, golden.memory(), Tap.idle());
      for (Point point : Point.all()) {
        if (point.stack() != Stack.ENCODER || !golden.encoder.has(point)) {
          continue;
        }
        Tap tap = looking(point.site());
        assertThat(distance(plain, golden.encoder.reading(words, golden.memory(), tap)))
            .as(point.template())
            .isZero();
        try (Captured seen = tap.finish()) {
          int last = point.perLayer() ? golden.layers() - 1 : 0;
          assertThat(seen.has(point, last)).as(point.template()).isTrue();
        }
        if (point.writable()) {
          Tap idle =
              Tap.of(
                  Capture.NONE, List.of(Intervention.at(point, 0, new Op.Scale(1))), Labels.NONE);
          assertThat(distance(plain, golden.encoder.reading(words, golden.memory(), idle)))
              .as(point.template())
              .isZero();
          Tap halved =
              Tap.of(
                  Capture.NONE, List.of(Intervention.at(point, 0, new Op.Scale(.5))), Labels.NONE);
          assertThat(distance(plain, golden.encoder.reading(words, golden.memory(), halved)))
              .as(point.template())
              .isGreaterThan(1e-6);
        }
      }
    }
  }

  @Test
  void tooManyWordsAreRefused() {
    try (Golden golden = Golden.of("blip-itm");
        Scope scope = Scope.open()) {
      TokenMap.Spot spot = new TokenMap.Spot(5, TokenMap.Role.QUESTION, 0, -1);
      TokenMap words = new TokenMap(Collections.nCopies(65, spot), List.of());
      assertThatThrownBy(() -> golden.encoder.forward(List.of(words), DType.FLOAT32, Tap.idle()))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
          .hasMessageContaining("65 tokens")
          .hasMessageContaining("64");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "is_decoder,false,UNSUPPORTED_MODEL",
    "model_type,\"bert\",UNSUPPORTED_MODEL",
    "num_attention_heads,5,BAD_CHECKPOINT",
    "hidden_act,\"none\",UNSUPPORTED_MODEL",
    "num_hidden_layers,0,BAD_CHECKPOINT"
  })
  void settingsThatItCannotFollowAreRefused(String key, String value, ErrorCode code) {
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode json = mapper.createObjectNode();
    json.put("hidden_size", 48).put("num_attention_heads", 4);
    json.set(key, mapper.readTree(value));
    assertThatThrownBy(() -> BlipEncoder.read(new Config(json, "config.json"), 48))
        .isInstanceOfSatisfying(LynceusException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(key);
  }
}
