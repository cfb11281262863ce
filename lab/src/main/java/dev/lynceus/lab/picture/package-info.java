/// Pictures changed on purpose: cut, marked, painted over, masked. All of it is exact and the same
/// on every machine, and all of it is data: an [dev.lynceus.lab.picture.Operation], several of them
/// a [dev.lynceus.lab.picture.Chain], with JSON there and back. Start with
/// [dev.lynceus.lab.picture.Chain]; parts of pictures are [dev.lynceus.lab.picture.Region], and
/// superpixels are in [dev.lynceus.image.Superpixels].
@NullMarked
package dev.lynceus.lab.picture;

import org.jspecify.annotations.NullMarked;
