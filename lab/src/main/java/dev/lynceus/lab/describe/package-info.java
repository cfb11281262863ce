/// Context-aware descriptions (CVR-LLM): a picture is described in words, the description is
/// refined by questions, and the answer is read from the words alone. Start with
/// [dev.lynceus.lab.describe.DescribeStudy]; the loop is in [dev.lynceus.lab.describe.Refining].
@NullMarked
package dev.lynceus.lab.describe;

import org.jspecify.annotations.NullMarked;
