package dev.lynceus.method.relevancy;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rules by which relevancy passes through stacks that read each other by cross-attention.
/// Source: Chefer, Gur and Wolf, arXiv 2103.15679, rules 6 to 11. Of a stack `s`, which reads the
/// stack `m` before it, whose own relevancies are done:
///
/// ```
/// self:   R_ss <- R_ss + C R_ss,   R_st <- R_st + C R_st       for every earlier stack t
/// cross:  R_sm <- R_sm + n(R_ss)^T C n(R_mm)
///         R_st <- R_st + C R_mt                                for stacks t before m
/// n(R)  = I + (R - I), each row of it divided by its sum
/// ```
///
/// The last line of the rules says of a stack beyond what is read what rule 11 says of the reading
/// stack itself: what is read holds what it was made of.
///
/// @param levels the stacks, in the order of the flow
record FlowRules(List<Level> levels) {
  FlowRules {
    levels = List.copyOf(levels);
  }

  /// The weights of a stack, `C` of each layer; see [Rules#weights].
  ///
  /// @param self `[pos, pos]`
  /// @param cross `[pos, memory]`; empty for layers that read nothing
  record Level(List<Tensor> self, List<Optional<Tensor>> cross) {
    Level {
      self = List.copyOf(self);
      cross = List.copyOf(cross);
    }
  }

  /// Relevancies of all stacks, float64, in the scope that is open.
  ///
  /// @param whole whether what the first stack did with its own positions is followed; else the
  ///   stack that reads it takes each of its positions for what it was at first
  /// @return `R_st`, `[stack][earlier stack, or itself]`, each `[pos of s, pos of t]`; null where
  ///   nothing of `t` reached `s`
  List<List<@Nullable Tensor>> relevancies(boolean whole) {
    List<List<@Nullable Tensor>> all = new ArrayList<>();
    for (int s = 0; s < levels.size(); s++) {
      Level level = levels.get(s);
      @Nullable Tensor[] own = new @Nullable Tensor[s + 1];
      Tensor itself = identity(level.self.getFirst().size(0));
      for (int l = 0; l < level.self.size(); l++) {
        Tensor weights = level.self.get(l);
        itself = itself.add(weights.matmul(itself));
        for (int t = 0; t < s; t++) {
          Tensor one = own[t];
          own[t] = one == null ? null : one.add(weights.matmul(one));
        }
        Optional<Tensor> reading = level.cross.get(l);
        if (reading.isPresent()) {
          read(all, own, itself, reading.get(), whole);
        }
      }
      own[s] = itself;
      all.add(Arrays.asList(own));
    }
    return all;
  }

  /// What one layer reads of the stack before, and of those that it was made of.
  private static void read(
      List<List<@Nullable Tensor>> all,
      @Nullable Tensor[] own,
      Tensor itself,
      Tensor weights,
      boolean whole) {
    int memory = own.length - 2;
    for (int t = 0; t < memory; t++) {
      Tensor known = all.get(memory).get(t);
      if (known != null) {
        own[t] = sum(own[t], weights.matmul(known));
      }
    }
    Tensor through = normalized(itself).transpose(0, 1).matmul(weights);
    Tensor read = all.get(memory).get(memory);
    boolean followed = read != null && (whole || memory > 0);
    own[memory] = sum(own[memory], followed ? through.matmul(normalized(read)) : through);
  }

  private static Tensor sum(@Nullable Tensor one, Tensor other) {
    return one == null ? other : one.add(other);
  }

  /// `n(R)`.
  static Tensor normalized(Tensor relevancy) {
    Tensor start = identity(relevancy.size(0));
    return Rules.normalized(relevancy, start).add(start);
  }

  static Tensor identity(long size) {
    double[] ones = new double[(int) (size * size)];
    for (int i = 0; i < size; i++) {
      ones[(int) (i * size + i)] = 1;
    }
    return Tensor.of(ones, size, size).to(DType.FLOAT64);
  }
}
