package dev.lynceus.studio;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Bytes as no honest client sends them.
final class Raw {
  private static final int PATIENCE = 5000;

  private Raw() {}

  /// What comes back, as far as it can be read.
  static String answer(URI address, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(PATIENCE);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      StringBuilder text = new StringBuilder();
      InputStream in = socket.getInputStream();
      byte[] part = new byte[8192];
      try {
        for (int n = in.read(part); n >= 0; n = in.read(part)) {
          text.append(new String(part, 0, n, StandardCharsets.ISO_8859_1));
        }
      } catch (SocketTimeoutException waits) {
        return text.toString();
      }
      return text.toString();
    }
  }

  static int status(URI address, String text) throws IOException {
    String answer = answer(address, text.getBytes(StandardCharsets.ISO_8859_1));
    return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
  }
}
