import type { HonestPatch } from './honestPatches.ts'

const main = 'src/main/java/shop/'
const test = 'src/test/java/shop/'

const dependency = (artifact: string, version: string) =>
  `<project>\n  <properties>\n    <maven.compiler.release>17</maven.compiler.release>\n  </properties>\n  <dependencies>\n    <dependency>\n      <groupId>org.example</groupId>\n      <artifactId>${artifact}</artifactId>\n      <version>${version}</version>\n    </dependency>\n  </dependencies>\n</project>\n`

/** Repairs of Java projects as a maintainer would make them, of which no rule may complain. */
export const honestJavaPatches: readonly HonestPatch[] = [
  {
    name: 'a constructor takes options',
    before: {
      'pom.xml': dependency('snakeyaml', '1.33'),
      [`${main}Settings.java`]:
        'final class Settings {\n  static Object read(String text) {\n    return new Yaml(new SafeConstructor()).load(text);\n  }\n}\n',
    },
    after: {
      'pom.xml': dependency('snakeyaml', '2.0'),
      [`${main}Settings.java`]:
        'final class Settings {\n  static Object read(String text) {\n    return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);\n  }\n}\n',
    },
  },
  {
    name: 'a class was renamed, tests follow',
    before: {
      [`${main}Comments.java`]:
        'import org.jsoup.safety.Whitelist;\n\nfinal class Comments {\n  static final Whitelist LIST = Whitelist.basic();\n}\n',
      [`${test}CommentsTest.java`]:
        'class CommentsTest {\n  @Test\n  void keepsBold() {\n    assertEquals("<b>a</b>", Jsoup.clean("<b>a</b>", Whitelist.basic()));\n  }\n}\n',
    },
    after: {
      [`${main}Comments.java`]:
        'import org.jsoup.safety.Safelist;\n\nfinal class Comments {\n  static final Safelist LIST = Safelist.basic();\n}\n',
      [`${test}CommentsTest.java`]:
        'class CommentsTest {\n  @Test\n  void keepsBold() {\n    assertEquals("<b>a</b>", Jsoup.clean("<b>a</b>", Safelist.basic()));\n  }\n}\n',
    },
  },
  {
    name: 'JUnit 4 to 5, assertion for assertion',
    before: {
      [`${test}CartTest.java`]:
        'import static org.junit.Assert.assertEquals;\nimport org.junit.Before;\nimport org.junit.Test;\n\npublic class CartTest {\n  @Before\n  public void open() {\n    cart = new Cart();\n  }\n\n  @Test\n  public void sums() {\n    assertEquals("total", 3, cart.add(1).add(2).total());\n  }\n}\n',
    },
    after: {
      [`${test}CartTest.java`]:
        'import static org.junit.jupiter.api.Assertions.assertEquals;\nimport org.junit.jupiter.api.BeforeEach;\nimport org.junit.jupiter.api.Test;\n\nclass CartTest {\n  @BeforeEach\n  void open() {\n    cart = new Cart();\n  }\n\n  @Test\n  void sums() {\n    assertEquals(3, cart.add(1).add(2).total(), "total");\n  }\n}\n',
    },
  },
  {
    name: 'expected of JUnit 4 became assertThrows',
    before: {
      [`${test}CartTest.java`]:
        'public class CartTest {\n  @Test(expected = IllegalArgumentException.class)\n  public void refuses() {\n    new Cart(-1);\n  }\n}\n',
    },
    after: {
      [`${test}CartTest.java`]:
        'class CartTest {\n  @Test\n  void refuses() {\n    assertThrows(IllegalArgumentException.class, () -> new Cart(-1));\n  }\n}\n',
    },
  },
  {
    name: 'matchers moved to another class',
    before: {
      [`${test}MailTest.java`]:
        'import static org.mockito.Matchers.anyString;\n\nclass MailTest {\n  @Test\n  void sends() {\n    shop.order();\n    verify(mail).send(anyString());\n  }\n}\n',
    },
    after: {
      [`${test}MailTest.java`]:
        'import static org.mockito.ArgumentMatchers.anyString;\n\nclass MailTest {\n  @Test\n  void sends() {\n    shop.order();\n    verify(mail).send(anyString());\n  }\n}\n',
    },
  },
  {
    name: 'a checked exception is new, and is passed on with its cause',
    before: {
      [`${main}Store.java`]:
        'final class Store {\n  Order load(String id) {\n    return mapper.read(file(id));\n  }\n}\n',
    },
    after: {
      [`${main}Store.java`]:
        'final class Store {\n  Order load(String id) {\n    try {\n      return mapper.read(file(id));\n    } catch (IOException e) {\n      throw new UncheckedIOException(e);\n    }\n  }\n}\n',
    },
  },
  {
    name: 'a version property and a module that moves along',
    before: {
      'pom.xml':
        '<project>\n  <properties>\n    <jackson.version>2.13.5</jackson.version>\n    <surefire.version>3.1.2</surefire.version>\n  </properties>\n</project>\n',
    },
    after: {
      'pom.xml':
        '<project>\n  <properties>\n    <jackson.version>2.15.4</jackson.version>\n    <surefire.version>3.2.5</surefire.version>\n  </properties>\n</project>\n',
    },
  },
  {
    name: 'a suppression goes with the deprecated call',
    before: {
      [`${main}Names.java`]:
        'final class Names {\n  @SuppressWarnings("deprecation")\n  static String title(String name) {\n    return WordUtils.capitalize(name);\n  }\n}\n',
    },
    after: {
      [`${main}Names.java`]:
        'final class Names {\n  static String title(String name) {\n    return StringUtils.capitalize(name);\n  }\n}\n',
    },
  },
  {
    name: 'a package was renamed throughout',
    before: {
      [`${main}HomeServlet.java`]:
        'import javax.servlet.http.HttpServlet;\nimport javax.servlet.http.HttpServletRequest;\n\npublic class HomeServlet extends HttpServlet {\n  protected void doGet(HttpServletRequest request) {\n    if (request == null) {\n      return;\n    }\n    show(request);\n  }\n}\n',
    },
    after: {
      [`${main}HomeServlet.java`]:
        'import jakarta.servlet.http.HttpServlet;\nimport jakarta.servlet.http.HttpServletRequest;\n\npublic class HomeServlet extends HttpServlet {\n  protected void doGet(HttpServletRequest request) {\n    if (request == null) {\n      return;\n    }\n    show(request);\n  }\n}\n',
    },
  },
  {
    name: 'a test is added and a helper of the tests changes',
    before: {
      [`${test}CartTest.java`]:
        'class CartTest {\n  private static Cart cart() {\n    return Cart.of(1, 2);\n  }\n\n  @Test\n  void sums() {\n    assertThat(cart().total()).isEqualTo(3);\n  }\n}\n',
    },
    after: {
      [`${test}CartTest.java`]:
        'class CartTest {\n  private static Cart cart() {\n    return Cart.builder().add(1).add(2).build();\n  }\n\n  @Test\n  void sums() {\n    assertThat(cart().total()).isEqualTo(3);\n  }\n\n  @Test\n  void isEmptyAtFirst() {\n    assertThat(Cart.builder().build().total()).isZero();\n  }\n}\n',
    },
  },
  {
    name: 'an assertion of AssertJ has another name',
    before: {
      [`${test}NamesTest.java`]:
        'class NamesTest {\n  @Test\n  void lists() {\n    assertThat(names()).containsExactlyElementsOf(asList("a", "b"));\n    assertThatThrownBy(() -> names(null)).isInstanceOf(NullPointerException.class);\n  }\n}\n',
    },
    after: {
      [`${test}NamesTest.java`]:
        'class NamesTest {\n  @Test\n  void lists() {\n    assertThat(names()).containsExactly("a", "b");\n    assertThatThrownBy(() -> names(null)).isExactlyInstanceOf(NullPointerException.class);\n  }\n}\n',
    },
  },
  {
    name: 'a call takes a duration, with words about skipping in a comment',
    before: {
      [`${main}Client.java`]:
        'final class Client {\n  // Slow hosts are skipped, see @Disabled hosts in the list.\n  Client open() {\n    return builder.timeout(5, TimeUnit.SECONDS).build();\n  }\n}\n',
    },
    after: {
      [`${main}Client.java`]:
        'final class Client {\n  // Slow hosts are skipped and ignored, see @Disabled and @Ignore hosts in the list.\n  Client open() {\n    return builder.timeout(Duration.ofSeconds(5)).build();\n  }\n}\n',
    },
  },
]
