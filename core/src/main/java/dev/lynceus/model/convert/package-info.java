/// Models that other programs stored become checkpoints in the Hugging Face layout: encoders like
/// BERT out of ONNX graphs and TensorFlow bundles, also where these lie in a jar. Start at
/// [dev.lynceus.model.convert.BertImport].
@NullMarked
package dev.lynceus.model.convert;

import org.jspecify.annotations.NullMarked;
