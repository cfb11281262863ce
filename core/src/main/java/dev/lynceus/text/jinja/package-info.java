/// A small interpreter of the part of the Jinja template language that chat templates use.
///
/// Start with [dev.lynceus.text.jinja.Template]. A source goes through `Lexer`, `Parser`
/// (statements) and `ExpressionParser` into the sealed trees `Node` and `Expr`; `Interpreter` and
/// `Evaluator` run them over the sealed `Value`. Templates see no Java objects, read no files, and
/// are bounded in loops, depth and output. The behaviour is that of jinja2 as transformers sets it
/// up: `trim_blocks`, `lstrip_blocks`, loop controls, an immutable sandbox.
@NullMarked
package dev.lynceus.text.jinja;

import org.jspecify.annotations.NullMarked;
