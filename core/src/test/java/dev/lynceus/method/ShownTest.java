package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sentences about one picture, told about several and about a video.
class ShownTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          “dog” comes from the picture: 9 % with it, 1 % without.|“dog” comes from the pictures: 9 % with them, 1 % without.|“dog” comes from the video: 9 % with it, 1 % without.
          The picture raises “dog”, but it stays unlikely: 9 % with it, 1 % without.|The pictures raise “dog”, but it stays unlikely: 9 % with them, 1 % without.|The video raises “dog”, but it stays unlikely: 9 % with it, 1 % without.
          The picture speaks against “the picture”.|The pictures speak against “the picture”.|The video speaks against “the picture”.
          the picture hardly moves it: 2 % with the picture and without it|the pictures hardly move it: 2 % with the pictures and without them|the video hardly moves it: 2 % with the video and without it
          Whether it is right, the picture does not tell.|Whether it is right, the pictures do not tell.|Whether it is right, the video does not tell.
          Of what raised it, 38 % came through the picture's positions.|Of what raised it, 38 % came through the pictures' positions.|Of what raised it, 38 % came through the video's positions.
          “red”: 4 %; there is nothing to say.|“red”: 4 %; there is nothing to say.|“red”: 4 %; there is nothing to say.
          """)
  void oneSentenceThreeWays(String one, String several, String video) {
    assertThat(Shown.PICTURE.told(one)).isEqualTo(one);
    assertThat(Shown.PICTURES.told(one)).isEqualTo(several);
    assertThat(Shown.VIDEO.told(one)).isEqualTo(video);
  }
}
