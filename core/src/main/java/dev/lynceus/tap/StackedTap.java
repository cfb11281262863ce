package dev.lynceus.tap;

import dev.lynceus.tensor.Tensor;
import java.util.List;

/// Hands each member its own rows of a batch. See [Tap#stacked(List, int)].
final class StackedTap extends Tap {
  private final List<Tap> members;
  private final int rows;

  StackedTap(List<Tap> members, int rows) {
    super(NO_REQUESTS, List.of(), Labels.NONE);
    this.members = List.copyOf(members);
    this.rows = rows;
  }

  @Override
  public void begin(int position) {
    members.forEach(member -> member.begin(position));
  }

  @Override
  public Tensor at(Point point, int layer, Tensor value) {
    Tensor result = value;
    for (int i = 0; i < members.size(); i++) {
      Tap member = members.get(i);
      if (member.wants(point, layer)) {
        Tensor own = part(value, i);
        Tensor seen = member.at(point, layer, own);
        if (seen != own) {
          // The given tensor may be wanted by others as it is; one copy serves all members.
          result = result == value ? value.copy() : result;
          part(result, i).copy_(seen);
        }
      }
    }
    return result;
  }

  @Override
  public boolean enters(Stack stack) {
    return members.stream().anyMatch(member -> member.enters(stack));
  }

  @Override
  public boolean leaves(Stack stack) {
    return members.stream().anyMatch(member -> member.leaves(stack));
  }

  @Override
  public boolean keeps(Point point, int layer) {
    return members.stream().anyMatch(member -> member.keeps(point, layer));
  }

  @Override
  public boolean changes(Point point, int layer) {
    return members.stream().anyMatch(member -> member.changes(point, layer));
  }

  /// The members of a stack keep the same.
  @Override
  public int[] rows(Point point, int length) {
    return members.getFirst().rows(point, length);
  }

  @Override
  public void see(Point point, int layer, Tensor rowsOnly, int[] seen) {
    for (int i = 0; i < members.size(); i++) {
      members.get(i).see(point, layer, part(rowsOnly, i).copy(), seen);
    }
  }

  private Tensor part(Tensor value, int member) {
    return value.narrow(0, (long) member * rows, rows);
  }
}
