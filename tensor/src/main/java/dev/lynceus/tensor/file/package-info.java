/// Tensors in files: safetensors, checkpoints in the Hugging Face layout, the local Hugging Face
/// cache, and npz.
///
/// Start with [Checkpoint][dev.lynceus.tensor.file.Checkpoint], which opens a folder of weights,
/// and [Weights][dev.lynceus.tensor.file.Weights], the view of it that model code reads. One file
/// of tensors is [Safetensors][dev.lynceus.tensor.file.Safetensors]; what a hostile or broken file
/// runs into is `SafetensorsHeader`. [HubCache][dev.lynceus.tensor.file.HubCache] turns `org/name`
/// into a folder on this machine.
@NullMarked
package dev.lynceus.tensor.file;

import org.jspecify.annotations.NullMarked;
