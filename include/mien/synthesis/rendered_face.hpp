#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "mien/synthesis/expressions.hpp"
#include "mien/synthesis/hair_meshes.hpp"
#include "mien/synthesis/head_data.hpp"
#include "mien/synthesis/skin_photos.hpp"

namespace mien::synthesis {

/// Red, green and blue of light or of a surface, linear (not sRGB); a surface's are 0..1.
using Colour = cv::Vec3f;

enum class HairStyle { bald, cropped, short_hair, full, long_hair, receding, kCount };
enum class Hat { none, cap, beanie, kCount };
enum class Glasses { none, thin, thick, sunglasses, kCount };
enum class Beard { none, stubble, moustache, goatee, full, kCount };
enum class BackdropKind { plain, gradient, blobs, clutter, noise, kCount };

/// Who it is. Two faces with the same look are of the same person.
struct FaceLook {
  std::array<float, 3> group{0, 0, 1};       ///< shares of african, asian and caucasian; sum 1
  float sex = 0.5F;                          ///< 0 female .. 1 male
  float age = 30;                            ///< years, 0..90
  std::vector<std::pair<int, float>> shape;  ///< targets of the head's data and their weights

  Colour skin{0.55F, 0.33F, 0.23F};
  float blotches = 0.3F, freckles = 0, redness = 0.3F, oil = 0.4F;  ///< 0..1
  Colour lips{0.4F, 0.15F, 0.13F};
  float lipstick = 0, eye_shadow = 0, eye_liner = 0.3F;  ///< 0..1
  float wrinkles = 0.4F;  ///< how deep what folds the skin folds it, 0..1
  Colour hair{0.04F, 0.025F, 0.015F};
  Colour brow{0.04F, 0.025F, 0.015F};
  int brow_style = 0;         ///< any number; of the library of drawn brows
  float brow_thickness = 1;   ///< 0.5..1.6
  float brow_density = 0.8F;  ///< 0..1
  HairStyle hair_style = HairStyle::short_hair;
  float hair_volume = 0.5F;  ///< 0..1
  float hairline = 0;        ///< -1 (high) .. 1 (low)
  Hat hat = Hat::none;
  Colour cloth{0.2F, 0.2F, 0.25F};
  Glasses glasses = Glasses::none;
  Colour frame{0.02F, 0.02F, 0.02F};
  Beard beard = Beard::none;
  float beard_density = 0.7F;  ///< 0..1
  Colour iris{0.1F, 0.05F, 0.02F};
  float pupil = 0.4F;      ///< share of the iris' radius
  std::uint64_t seed = 1;  ///< of all that has no parameter of its own: moles, strands
};

/// Degrees of the head, which turns about a point 9 cm behind and 5 cm below the middle of the
/// eyes; the camera looks at it from the front, at the height of a straight head's eyes.
struct FaceCamera {
  float yaw = 0;                   ///< to the person's left, which is the picture's right
  float pitch = 0;                 ///< chin up
  float roll = 0;                  ///< the head's top towards the person's left shoulder
  float distance = 9;              ///< decimetres from the eyes to the lens, from 3 on
  float face_height = 0.6F;        ///< the face box' height as a share of the picture's
  float shift_x = 0, shift_y = 0;  ///< of the box' middle, shares of the picture's side
  /// The focal length as a share of the picture's side, of a lens that looks at the picture's
  /// middle: face_height does not count, and shift moves the head itself, to where a straight
  /// one has the middle of its eyes there. 0: the picture is cut out of a larger one such that
  /// face_height and shift hold, so that the lens looks somewhere beside its middle.
  float focal = 0;
};

/// A lamp far away.
struct Lamp {
  cv::Point3f direction{0, 0, 1};  ///< towards the lamp; of length 1; x is the picture's right
  Colour colour{1, 1, 1};
  float softness = 0.5F;  ///< of its shadows, 0..1
};

struct FaceLights {
  std::vector<Lamp> lamps;  ///< at most four
  Colour sky{0.5F, 0.5F, 0.55F}, ground{0.2F, 0.18F, 0.16F}, front{0.3F, 0.3F, 0.3F};
};

struct Backdrop {
  BackdropKind kind = BackdropKind::gradient;
  Colour first{0.3F, 0.3F, 0.3F}, second{0.15F, 0.15F, 0.18F};
  float blur = 0.05F;  ///< share of the picture's side
};

/// What lens, sensor and file do to the picture; 0 means nothing.
struct CameraEffects {
  float exposure = 1;
  float contrast = 1;
  float saturation = 1;
  float warmth = 0;        ///< -1 (blue) .. 1 (yellow)
  float defocus = 0;       ///< deviation of the blur, shares of 100 of the picture's side
  float motion = 0;        ///< length of the smear, the same unit
  float motion_angle = 0;  ///< degrees
  float vignette = 0;      ///< 0..1
  float noise = 0;         ///< deviation at middle gray, of 255
  float shrink = 1;        ///< taken at this share of the size and enlarged, 0.2..1
  int jpeg = 0;            ///< quality 1..100, or 0 for none
  bool gray = false;
};

struct RenderParameters {
  Expression expression;
  FaceLook look;
  FaceCamera camera;
  FaceLights lights;
  Backdrop backdrop;
  CameraEffects effects;
  int size = 128;          ///< of the square picture in pixels, kMinRender..kMaxRender
  std::uint64_t seed = 1;  ///< of noise and backdrop
};
inline constexpr int kMinRender = 8;
inline constexpr int kMaxRender = 4096;

struct RenderedFace {
  cv::Mat picture;  ///< BGR, 8 bit
  /// Names and places in pixels (0, 0 is the middle of the first): those of the head's data
  /// plus "left-eye", "right-eye" (the middle of the eyeball) and "left-pupil", "right-pupil".
  std::vector<std::pair<std::string, cv::Point2f>> landmarks;
  cv::Rect2f box;    ///< from the middle of the forehead to the chin, as tight as the face is
  std::string skin;  ///< the photographic skin's name, empty when there are none
  /// The names of the meshes that are worn, by HairKind, with empty ones where none is; nothing
  /// when the renderer has no meshes.
  std::optional<std::array<std::string, kHairKinds>> meshes;
};

/// Renders faces in software. The same parameters give the same bytes, whatever the thread.
/// Const and safe from several threads.
class FaceRenderer {
 public:
  /// With `skins`, everybody has the photographic one that fits best over the painted skin; of
  /// `meshes`, which are of this head, what worn_hair() says.
  explicit FaceRenderer(HeadData head, std::vector<SkinPhoto> skins = {},
                        std::vector<HairMesh> meshes = {});
  ~FaceRenderer();
  FaceRenderer(const FaceRenderer&) = delete;
  FaceRenderer& operator=(const FaceRenderer&) = delete;

  const HeadData& head() const;
  bool has_meshes() const;
  /// Throws Error for a size out of range.
  RenderedFace render(const RenderParameters& parameters) const;

  /// The head's vertices with this look and expression, before the camera; decimetres.
  std::vector<cv::Point3f> shape(const FaceLook& look, const Expression& expression) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Somebody by chance; `person` alone decides.
FaceLook random_look(const HeadData& head, std::uint64_t person);

/// Camera, lights, backdrop and effects by chance around a look and an expression, whose head
/// pose is taken in.
RenderParameters random_scene(FaceLook look, Expression expression, int size,
                              std::uint64_t seed);

}  // namespace mien::synthesis
