package dev.lynceus.method.causal;

import dev.lynceus.method.Inputs;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import java.util.List;
import java.util.Optional;

/// Occlusion of any parts of a picture: objects by masks, or pieces of about one colour (see
/// [Regions]).
///
/// @param space what is hidden
/// @param fill what stands in its place
public record RegionOcclusion(Occlusion.Space space, Occlusion.Fill fill) {
  public RegionOcclusion {
    Occlusion.fits(space, fill);
  }

  /// What the run must keep.
  public Capture capture(LoadedModel model) {
    return Sweep.base(model);
  }

  /// Hides each part.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if pixels of a model that sees several
  ///   views of a picture shall be hidden
  public CausalMap explain(Run run, Regions regions, Readout readout, Job job) {
    List<Regions.Region> all = regions.regions().stream().flatMap(List::stream).toList();
    Optional<CoveredPixels> pixels =
        space == Occlusion.Space.PIXELS
            ? Optional.of(new CoveredPixels(run, fill))
            : Optional.empty();
    List<Measures> cells =
        job.run(
            "occlusion",
            run,
            all.size(),
            Occlusion.CHUNK,
            i ->
                pixels
                    .map(covered -> List.of(covered(covered, all.get(i))))
                    .orElseGet(() -> tokens(run, all.get(i), fill)),
            readout);
    return new CausalMap(
        "occlude",
        "%s hidden by %s: %s".formatted(space.text(), fill.text(), regions.what()),
        readout.of(run),
        Optional.empty(),
        regions.rowAxis(),
        regions.rows(),
        regions.columnAxis(),
        regions.columns(),
        CausalMap.grid(cells, regions.columns().size()),
        Optional.empty(),
        1,
        Optional.empty(),
        List.of());
  }

  /// The pixels of a region covered.
  static Intervention covered(CoveredPixels pixels, Regions.Region region) {
    return Intervention.at(
        Point.vision(Site.PIXELS),
        0,
        new Op.Patch(pixels.covered(region.image(), region.pixels())));
  }

  /// The visual tokens of a region replaced.
  static List<Intervention> tokens(Run run, Regions.Region region, Occlusion.Fill fill) {
    Op op = fill == Occlusion.Fill.ZERO ? new Op.Zero() : new Op.Mean(Positions.parse("image"));
    return Inputs.at(run, Positions.of(region.positions()), op);
  }
}
